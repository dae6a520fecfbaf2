import type { Outcome, Result } from '../run.js';

/** A run with all its results. */
export interface Report {
  /** Name and version of this suite. */
  suite: { name: string; version: string };
  /** Issuer of the server. */
  baseUrl: string;
  /** Name and version of the server. */
  server: string;
  /** Start of the run. */
  date: Date;
  results: readonly Result[];
}

/** Name of a server that does not send one. */
export const UNKNOWN = 'unknown';

export const SIGNS: Record<Outcome, string> = { passed: '✓', failed: '✗', warning: '!', 'not tested': '–' };

/** Returns the number of results per outcome. */
export function countOf(results: readonly Result[]): Record<Outcome, number> {
  const counts = { failed: 0, warning: 0, passed: 0, 'not tested': 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}

/** Returns the counts as text: `2 failed`, `1 warning`, `2 warnings`. */
export function countTexts(results: readonly Result[]): Array<[Outcome, number, string]> {
  const counts = Object.entries(countOf(results)) as Array<[Outcome, number]>;
  return counts.map(([outcome, count]) => {
    const plural = outcome === 'warning' && count !== 1 ? 's' : '';
    return [outcome, count, `${count} ${outcome}${plural}`];
  });
}

/** Returns the results of each group, by its title. */
export function byGroup(results: readonly Result[]): Map<string, Result[]> {
  const groups = new Map<string, Result[]>();
  for (const result of results) groups.set(result.group, [...(groups.get(result.group) ?? []), result]);
  return groups;
}
