import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { putBetween } from '../readme/marks.js';
import { declarationOf } from './declarations.js';
import { MODULE, optionTable, optionTables, testingTables } from './option-tables.js';
import { settingsInMarkdown } from './settings-table.js';

test('tables of the README → those of the source (npm run options writes them)', async () => {
  const readme = await putBetween(await readFile('README.md', 'utf8'), {
    options: optionTables(),
    settings: [settingsInMarkdown()],
    'testing-options': testingTables(),
  });
  await expect(readme, 'npm run options writes it').toMatchFileSnapshot('../../README.md');
});

test('every interface of options → has a table', async () => {
  const declared: string[] = [];
  for (const file of (await readdir('src/module/options')).filter((name) => name.endsWith('.options.ts'))) {
    const source = await readFile(join('src/module/options', file), 'utf8');
    declared.push(...[...source.matchAll(/^export interface (\w+)/gm)].map(([, name]) => name!));
  }
  const shown = MODULE.map(([, , name]): string => name);
  expect(declared.filter((name) => !shown.includes(name))).toEqual([]);
});

const tableOf = async (source: string): Promise<string> => {
  const file = join(await mkdtemp(join(inject('tempDir'), 'options-')), 'options.ts');
  await writeFile(file, source);
  return optionTable(declarationOf(file, 'Options'));
};

test.each([
  [
    'interface',
    'interface Options {\n  /** How often.\n   *\n   * @default 3\n   * @see RFC 1 §2 */\n  often?: number;\n}',
  ],
  ['constant', 'const Options = {\n  /** How often. @default 3 @see RFC 1 §2 */\n  often: 3 as number,\n};'],
])('an option of an %s → a row', async (_kind, source) => {
  expect((await tableOf(source)).split('\n').at(-1)).toBe('| `often` | `number` | How often. (RFC 1 §2) | `3` |');
});

test.each([
  ['without explanation', '', 'Options.often has no doc comment'],
  ['that may be left out, without default', '/** How often. */', 'Options.often may be left out and has no @default'],
])('an option %s → an error that names it', async (_what, comment, message) => {
  await expect(tableOf(`interface Options {\n${comment}\noften?: number }`)).rejects.toThrow(message);
});
