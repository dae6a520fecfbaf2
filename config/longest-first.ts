import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that run for longer than a minute: begun last, they would leave the other workers idle. */
const LONG = ['e2e/every-call', 'e2e/race', 'module/hosts', 'e2e/refused-start', 'e2e/start', 'e2e/pass-the-hash'];

const rank = ({ moduleId }: TestSpecification): number => {
  const place = LONG.findIndex((name) => moduleId.endsWith(`/${name}.spec.ts`));
  return place < 0 ? LONG.length : place;
};

/** Vitest's order, but for the long files. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
