import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { assertApplies, chosen, readMutants, withMutation } from './mutant.js';
import { runNamedTests, type Report } from './named-tests.js';
import { judge, type Verdict } from './verdict.js';

const all = await readMutants();
const mutants = chosen(all);
const mariaDb: Record<string, string> =
  inject('mariaDbUrl') === '' ? { TEST_DATABASES: 'sqlite' } : { TEST_DATABASE_URL: inject('mariaDbUrl') };
const outcomes: Verdict['outcome'][] = [];
let baseline: Report;

beforeAll(async () => {
  baseline = await runNamedTests(process.cwd(), mutants, mariaDb);
});

afterAll(() => {
  const killed = outcomes.filter((outcome) => outcome === 'killed').length;
  print(`\n${killed} killed, ${outcomes.length - killed} survived`);
});

it.each(all.filter((mutant) => !mutants.includes(mutant)))('$name → not asked for; its patch applies', assertApplies);

it.concurrent.each(mutants)('$name', async (mutant) => {
  const verdict = await decide(mutant).catch((error: unknown): Verdict => ({
    outcome: 'broken',
    reason: String(error),
  }));
  outcomes.push(verdict.outcome);
  print(
    `${verdict.outcome.padEnd(8)}  ${mutant.name.padEnd(36)}  ${mutant.spec} | ${mutant.test}\n${' '.repeat(10)}${verdict.reason}`,
  );
  expect(verdict.outcome, verdict.reason).toBe('killed');
});

async function decide(mutant: (typeof mutants)[number]): Promise<Verdict> {
  const unmutated = judge(mutant, baseline);
  if (unmutated.outcome !== 'survived') return { outcome: 'broken', reason: `without the patch: ${unmutated.reason}` };
  const env = mutant.databases === undefined ? mariaDb : { TEST_DATABASES: mutant.databases };
  return withMutation(mutant, async (copy) => judge(mutant, await runNamedTests(copy, [mutant], env)));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
