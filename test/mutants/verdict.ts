import type { Mutant } from './mutant.js';
import type { Report } from './named-tests.js';

export interface Verdict {
  outcome: 'killed' | 'survived' | 'broken';
  reason: string;
}

/** Failures that say nothing about the protection the mutant took away. Vitest's report has STACK_TRACE_ERROR for a time-out. */
const infrastructure =
  /ECONNREFUSED|ReferenceError|Cannot find (?:module|package)|Failed to load url|timed out in \d+ms|STACK_TRACE_ERROR/;

/** A mutant is killed when the named test ran and failed for a reason of its own. */
export function judge({ kills: { spec, test } }: Mutant, report: Report): Verdict {
  const file = report.testResults.find(({ name }) => name.endsWith(spec));
  const named = file?.assertionResults.filter(({ fullName }) => fullName.includes(test)) ?? [];
  const ran = named.filter(({ status }) => status === 'passed' || status === 'failed');
  const messages = ran.flatMap(({ failureMessages }) => failureMessages.map((message) => message.split('\n')[0]!));
  const own = messages.find((message) => !infrastructure.test(message));
  if (ran.length === 0) return { outcome: 'broken', reason: `the named test did not run. ${file?.message ?? ''}` };
  if (own !== undefined) return { outcome: 'killed', reason: own };
  if (messages[0] !== undefined) return { outcome: 'broken', reason: messages[0] };
  return { outcome: 'survived', reason: 'the named test stayed green' };
}
