import type { Report } from '../../../src/conformance/report/report.js';
import { groups } from '../../../src/conformance/requirements/all.js';
import type { Outcome, Result } from '../../../src/conformance/run.js';

const OUTCOMES: ReadonlyArray<[Outcome, string]> = [
  ['passed', ''],
  ['failed', 'expected status 400, got 500 (<h1>"Oops" & more</h1>)'],
  ['passed', ''],
  ['warning', `expected status 401, got 204 (${'no-blank-'.repeat(20)})`],
  ['not tested', 'needs a command that signs a person in (--sign-in)'],
];

const results: Result[] = groups.flatMap(({ title, requirements }) =>
  requirements.map((requirement, index) => {
    const [outcome, detail] = OUTCOMES[index % OUTCOMES.length]!;
    return { group: title, requirement, outcome, detail, seconds: 0.25 };
  }),
);

/** A report on all requirements with every outcome. */
export const sample: Report = {
  suite: { name: 'global-token-revocation-conformance', version: '0.1.0' },
  baseUrl: 'https://op.example.com/tenant',
  server: 'Example <OP> 1.2 & more',
  date: new Date('2026-10-17T12:34:56.789Z'),
  results,
};

export const count = (wanted: Outcome): number => results.filter(({ outcome }) => outcome === wanted).length;
