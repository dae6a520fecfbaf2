import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { readAreas } from './mutant.js';

interface Listed {
  /** Titles of the `describe` blocks and the test, with ` > ` in between. */
  name: string;
  file: string;
}

/** Tests of these spec files, as Vitest finds them: titles that are put together from tables included. */
async function listed(specs: readonly string[]): Promise<Listed[]> {
  const list = join(inject('tempDir'), 'mutants-tests.json');
  const args = ['list', '--config', 'config/vitest.config.ts', '--project', 'suite', `--json=${list}`, ...specs];
  // Also the tests that this run leaves out: because it runs each of them once, or because a tool is missing.
  const env = {
    ...process.env,
    TEST_BUILD: 'off',
    TEST_MATRIX: 'all',
    CI: 'true',
    TEST_DATABASE_URL: inject('mariaDbUrl') || 'mariadb://nobody@localhost',
    TEST_POSTGRES_URL: inject('postgresUrl'),
  };
  await promisify(execFile)(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], { env });
  return JSON.parse(await readFile(list, 'utf8')) as Listed[];
}

test('each test that a mutant names exists', { timeout: 300_000 }, async () => {
  const all = [...(await readAreas()).values()].flat();
  const kills = all.map((mutant) => mutant.kills);
  const tests = new Map<string, string[]>();
  for (const { name, file } of await listed([...new Set(kills.map(({ spec }) => spec))])) {
    const spec = relative(process.cwd(), file);
    tests.set(spec, [...(tests.get(spec) ?? []), name.replaceAll(' > ', ' ')]);
  }
  const missing = kills.filter(({ spec, test: title }) => !tests.get(spec)?.some((name) => name.includes(title)));
  expect(missing).toEqual([]);
});
