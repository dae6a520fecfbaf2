import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, test, vi } from 'vitest';

// TypeDoc reads every source.
vi.setConfig({ testTimeout: 300_000 });

const PAGES = 'docs/reference/api';

const contentOf = async (folder: string): Promise<Record<string, string>> => {
  const names = (await readdir(folder)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return Object.fromEntries(names.map((name, index) => [name, texts[index]!]));
};

test(`${PAGES} is what the doc comments say (npm run docs writes it); TypeDoc warns of nothing`, async () => {
  const made = await mkdtemp(join(inject('tempDir'), 'api-'));
  await promisify(execFile)('npx', ['typedoc', '--options', 'config/typedoc.json', '--out', made]);
  const [expected, committed] = await Promise.all([contentOf(made), contentOf(PAGES)]);
  const stale = Object.keys({ ...expected, ...committed }).filter((name) => expected[name] !== committed[name]);
  expect(stale, 'npm run docs writes it').toEqual([]);
});
