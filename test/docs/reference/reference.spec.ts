import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { refusals } from '../../../src/module/revocation.errors.js';
import { putBetween } from '../marks.js';
import { commandParts } from './cli.js';
import { conformancePage } from './conformance.js';
import { declarationOf } from './declarations.js';
import { errorsPage } from './errors.js';
import { MODULE, optionsPage, sectionOf, testKitPage } from './options.js';
import { settingsPage } from './settings.js';
import { withLinks } from './specifications.js';
import { checksTable } from './startup-checks.js';

test.each([
  ['options', optionsPage],
  ['errors', errorsPage],
  ['settings', settingsPage],
  ['test-kit', testKitPage],
  ['conformance', conformancePage],
])('docs/reference/%s.md is what the source says (npm run reference writes it)', async (name, pageOf) => {
  await expect(pageOf(), 'npm run reference writes it').toMatchFileSnapshot(`../../../docs/reference/${name}.md`);
});

test.each([
  ['cli', 'commands', commandParts],
  ['startup-checks', 'checks', () => [checksTable()]],
])('the generated part of docs/reference/%s.md is what the source says', async (name, mark, partsOf) => {
  const page = `docs/reference/${name}.md`;
  const text = putBetween(await readFile(page, 'utf8'), mark, await partsOf());
  await expect(text, 'npm run reference writes it').toMatchFileSnapshot(`../../../${page}`);
});

test('docs/reference/http.md lists each status with its errors and nothing else', async () => {
  const page = await readFile('docs/reference/http.md', 'utf8');
  const rows = [...page.matchAll(/^\| (\d{3}) \| (`[^|]*) \|/gm)];
  const named = rows.flatMap(([, status, errors]) => errors!.split(', ').map((error) => `${status} ${error}`));
  const sent = refusals().map(({ status, error }) => `${status} \`${error}\``);
  expect([...new Set(named)].toSorted()).toEqual([...new Set(sent)].toSorted());
});

test('every interface of options has a section', async () => {
  const declared: string[] = [];
  for (const file of (await readdir('src/module/options')).filter((name) => name.endsWith('.options.ts'))) {
    const source = await readFile(join('src/module/options', file), 'utf8');
    declared.push(...[...source.matchAll(/^export interface (\w+)[^{]*\{$/gm)].map(([, name]) => name!));
  }
  const shown = MODULE.map(([, , , name]): string => name);
  expect(declared.filter((name) => !shown.includes(name))).toEqual([]);
});

const sectionFor = async (source: string): Promise<string> => {
  const file = join(await mkdtemp(join(inject('tempDir'), 'options-')), 'options.ts');
  await writeFile(file, `/** Some. */\n${source}`);
  return sectionOf('Heading', 'some.', declarationOf(file, 'Options'));
};

test.each([
  [
    'interface',
    'interface Options {\n  /** How often.\n   *\n   * @default 3\n   * @see RFC 1 §2 */\n  often?: number;\n}',
  ],
  ['constant', 'const Options = {\n  /** How often. @default 3 @see RFC 1 §2 */\n  often: 3 as number,\n};'],
])('an option of an %s has a heading with type, default and meaning', async (_kind, source) => {
  expect((await sectionFor(source)).split('\n').slice(4)).toEqual([
    '### some.often',
    '',
    '- Type: `number`',
    '- Default: `3`',
    '- See: [RFC 1 §2](https://www.rfc-editor.org/rfc/rfc1#section-2)',
    '',
    'How often.',
  ]);
});

test.each([
  ['without a description', '', 'Options.often has no doc comment'],
  ['that is optional and has no default', '/** How often. */', 'Options.often may be left out and has no @default'],
])('an option %s is an error that names it', async (_what, comment, message) => {
  await expect(sectionFor(`interface Options {\n${comment}\noften?: number }`)).rejects.toThrow(message);
});

test.each([
  ['RFC 9449 §4.3', '[RFC 9449 §4.3](https://www.rfc-editor.org/rfc/rfc9449#section-4.3)'],
  [
    'RFC 6749 §A.1, §2',
    '[RFC 6749 §A.1](https://www.rfc-editor.org/rfc/rfc6749#appendix-A.1), [§2](https://www.rfc-editor.org/rfc/rfc6749#section-2)',
  ],
  ['draft-a-b-06 §3.5', '[draft-a-b-06 §3.5](https://datatracker.ietf.org/doc/html/draft-a-b-06#section-3.5)'],
  ['Janssen Server, Global Token Revocation', 'Janssen Server, Global Token Revocation'],
])('the citation %s leads to its section', (citation, linked) => {
  expect(withLinks(citation)).toBe(linked);
});
