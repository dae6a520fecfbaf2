import { needsText } from './needs.js';
import { Mismatch, NotTested } from './outcome.js';
import { Patience } from './patience.js';
import type { Requirement, RequirementGroup } from './requirement.js';
import type { Target } from './target.js';

/** `warning`: the server does not meet a SHOULD. */
export type Outcome = 'passed' | 'failed' | 'warning' | 'not tested';

export interface Result {
  /** Title of its group. */
  group: string;
  requirement: Requirement;
  outcome: Outcome;
  /** What the server did instead, or why the requirement is not tested; empty if passed. */
  detail: string;
  /** Duration of the test, in seconds. */
  seconds: number;
}

/** Callbacks of a run. */
export interface Watcher {
  /** Called as soon as a result is known. */
  onResult?: (result: Result) => void;
  /** Called before a pause that the server asks for, with its length in seconds. */
  onWait?: (seconds: number) => void;
}

/** Tests one requirement after the other. */
export async function run(
  target: Target,
  groups: readonly RequirementGroup[],
  { onResult = () => {}, onWait = () => {} }: Watcher = {},
): Promise<Result[]> {
  const results: Result[] = [];
  const patience = new Patience(onWait);
  for (const { title: group, requirements } of groups) {
    for (const requirement of requirements) {
      const start = performance.now();
      const judged = await judge(requirement, target, patience);
      const result = { group, requirement, ...judged, seconds: (performance.now() - start) / 1000 };
      results.push(result);
      onResult(result);
    }
  }
  return results;
}

type Judged = Pick<Result, 'outcome' | 'detail'>;

async function judge(requirement: Requirement, target: Target, patience: Patience): Promise<Judged> {
  const missing = target.missing(requirement.needs);
  if (missing.length > 0) return { outcome: 'not tested', detail: needsText(missing) };
  try {
    await patience.during(() => requirement.check(target));
    return { outcome: 'passed', detail: '' };
  } catch (error) {
    if (error instanceof NotTested) return { outcome: 'not tested', detail: error.message };
    if (error instanceof Mismatch) return judgeMismatch(requirement, error.message);
    throw error;
  }
}

function judgeMismatch({ level }: Requirement, detail: string): Judged {
  if (level === 'MUST') return { outcome: 'failed', detail };
  if (level === 'SHOULD') return { outcome: 'warning', detail };
  return { outcome: 'not tested', detail: `the server does not offer this: ${detail}` };
}
