import { clientAssertion } from './clauses/assertion.js';
import { authority } from './clauses/authority.js';
import { caller } from './clauses/caller.js';
import { connection } from './clauses/connection.js';
import { effects } from './clauses/effects.js';
import { identifiers } from './clauses/identifiers.js';
import { metadata } from './clauses/metadata.js';
import { request } from './clauses/request.js';
import { senderConstrained } from './clauses/sender-constrained.js';
import type { Clause, ClauseGroup } from './clause.js';
import { Mismatch, NotTested } from './outcome.js';
import { Patience } from './patience.js';
import type { Target } from './target.js';

/** Every clause, in the order in which they are tested. */
export const groups: readonly ClauseGroup[] = [
  metadata,
  request,
  caller,
  authority,
  identifiers,
  effects,
  clientAssertion,
  senderConstrained,
  connection,
];

/** `warning`: a `should` that is not kept. */
export type Outcome = 'passed' | 'failed' | 'warning' | 'not tested';

export interface Result {
  group: string;
  clause: Clause;
  outcome: Outcome;
  /** What came instead, or what is needed to test it; empty when passed. */
  detail: string;
}

/** Whoever watches a run. */
export interface Watcher {
  /** As soon as a result is known. */
  onResult?: (result: Result) => void;
  /** Before it pauses for so many seconds, as the server asks for. */
  onWait?: (seconds: number) => void;
}

/**
 * Tests one clause after the other.
 *
 * @param only numbers of the clauses to test; empty: all
 */
export async function run(
  target: Target,
  only: ReadonlySet<number> = new Set(),
  { onResult = () => {}, onWait = () => {} }: Watcher = {},
): Promise<Result[]> {
  const results: Result[] = [];
  const patience = new Patience(onWait);
  for (const { title, clauses } of groups) {
    for (const clause of clauses.filter(({ number }) => only.size === 0 || only.has(number))) {
      const result = { group: title, clause, ...(await judge(clause, target, patience)) };
      results.push(result);
      onResult(result);
    }
  }
  return results;
}

async function judge(clause: Clause, target: Target, patience: Patience): Promise<Pick<Result, 'outcome' | 'detail'>> {
  try {
    await patience.during(() => clause.check(target));
    return { outcome: 'passed', detail: '' };
  } catch (error) {
    if (error instanceof NotTested) return { outcome: 'not tested', detail: error.message };
    if (error instanceof Mismatch)
      return { outcome: clause.level === 'must' ? 'failed' : 'warning', detail: error.message };
    throw error;
  }
}
