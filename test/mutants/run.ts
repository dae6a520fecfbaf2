import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { chosen, type Mutant, readAreas } from './mutant.js';
import { runNamedTests, type Report } from './named-tests.js';
import { TreeCopies } from './tree-copies.js';
import { judge, type Verdict } from './verdict.js';

const mutants = chosen(await readAreas());
const copies = new TreeCopies();
const sqlite = { TEST_DATABASES: 'sqlite' };
/** The servers of this run: a copy of the tree starts none. */
const servers: Record<string, string> = {
  TEST_POSTGRES_URL: inject('postgresUrl'),
  ...(inject('mariaDbUrl') !== '' && { TEST_DATABASE_URL: inject('mariaDbUrl') }),
};
const environmentOf = ({ databases }: Mutant): Record<string, string> => (databases === 'all' ? servers : sqlite);
const outcomes: Verdict['outcome'][] = [];
/** What the named tests say without a mutation, by what they run on. */
const baselines = new Map<Record<string, string>, Report>();

beforeAll(async () => {
  for (const env of new Set(mutants.map(environmentOf))) {
    const those = mutants.filter((mutant) => environmentOf(mutant) === env);
    baselines.set(env, await runNamedTests(process.cwd(), those, env));
  }
});

afterAll(async () => {
  await copies.remove();
  const count = (outcome: Verdict['outcome']): string =>
    `${outcomes.filter((each) => each === outcome).length} ${outcome}`;
  print(`\n${count('killed')}, ${count('survived')}, ${count('broken')}`);
});

it.concurrent.each(mutants)('$name', async (mutant) => {
  const verdict = await decide(mutant).catch((error: unknown): Verdict => ({
    outcome: 'broken',
    reason: String(error),
  }));
  outcomes.push(verdict.outcome);
  const { spec, test } = mutant.kills;
  print(
    `${verdict.outcome.padEnd(8)}  ${mutant.name.padEnd(36)}  ${spec} | ${test}\n${' '.repeat(10)}${verdict.reason}`,
  );
  expect(verdict.outcome, verdict.reason).toBe('killed');
});

async function decide(mutant: Mutant): Promise<Verdict> {
  const env = environmentOf(mutant);
  const unmutated = judge(mutant, baselines.get(env)!);
  if (unmutated.outcome !== 'survived') {
    return { outcome: 'broken', reason: `without the mutation: ${unmutated.reason}` };
  }
  return copies.withMutation(mutant, async (copy) => judge(mutant, await runNamedTests(copy, [mutant], env)));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
