import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that run for about a minute or more, the longest first: started last, they would leave the other workers idle. */
const LONG = [
  'e2e/every-call',
  'examples/examples',
  'e2e/race',
  'containers/containers',
  'e2e/hung-database',
  'browser/accessibility',
  'hosts/hosts',
  'browser/browser',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const place = LONG.findIndex((name) => moduleId.endsWith(`/${name}.spec.ts`));
  return place < 0 ? LONG.length : place;
};

/** Vitest's order, but with the long files first. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
