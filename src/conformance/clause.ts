import type { Target } from './target.js';

/** `must`: otherwise the server does not conform. `should`: otherwise it is worth a warning. @see RFC 2119 §1, §3 */
export type Level = 'must' | 'should';

/** One rule, and how to see whether a server keeps it. */
export interface Clause {
  /** Number in the conformance list. */
  number: number;
  /** Where the rule is written. */
  source: string;
  /** "condition → outcome". */
  title: string;
  level: Level;
  /** @throws Mismatch when the server does otherwise, NotTested when it cannot be seen here */
  check(target: Target): Promise<void>;
}

/** Rules of one part of the specifications. */
export interface ClauseGroup {
  title: string;
  clauses: readonly Clause[];
}

type Check = Clause['check'];

/** Declares the clauses of one specification: `rule(11, 'a valid request → 204', check)`. */
export const clausesOf = (source: string) => ({
  must: (number: number, section: string, title: string, check: Check): Clause => ({
    number,
    source: `${source} ${section}`.trim(),
    title,
    level: 'must',
    check,
  }),
  should: (number: number, section: string, title: string, check: Check): Clause => ({
    number,
    source: `${source} ${section}`.trim(),
    title,
    level: 'should',
    check,
  }),
});
