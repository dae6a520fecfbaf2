import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that run for more than a minute, which would leave the other workers idle if they started last. */
const LONG = ['e2e/every-call', 'e2e/race', 'module/hosts', 'e2e/refused-start', 'e2e/start', 'e2e/pass-the-hash'];

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
