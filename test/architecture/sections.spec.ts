import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const read = (folder: string, ending: RegExp): Array<{ file: string; text: string }> =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name) && !/(^|\/)(dist|node_modules)\//.test(name))
    .map((name) => ({ file: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));

const DRAFT = 'draft-parecki-oauth-global-token-revocation-06';

/** Sections, and what stands before the first of a document. */
const TOKENS = /(draft-[a-z\d-]+|[A-Z][\w.-]*( \(?[A-Z][\w.)-]*| v?\d[\d.]*)*)(?= §)|§[A-Z\d]+(\.\d+)*/g;

/** `RFC 9449 §4.3, §11.1` → both of them by name. */
function sectionsOf(text: string): string[] {
  let document = '';
  const found: string[] = [];
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith('§')) found.push(`${document} ${token}`);
    else document = token.replace('draft-06', DRAFT);
  }
  return found;
}

const cited = new Map(
  read('src/module', /\.ts$/).flatMap(({ file, text }) =>
    [...text.matchAll(/@see ([^@]*?)(?=\*\/|@)/g)].flatMap(([, citation]) =>
      sectionsOf(citation!.replaceAll(/\n\s*\*/g, '')).map((section) => [section, file] as const),
    ),
  ),
);

/** The titles of `describe`, `describeEachDatabase` and so on. */
const titles = read('test', /\.spec\.ts$/).flatMap(({ text }) =>
  [...text.matchAll(/\bdescribe[\w.]*\((?:[^'"`\n]*\)\()?\s*(['"`])([^]*?)\1/g)].map(([, , title]) => title!),
);
const tested = new Set(titles.flatMap(sectionsOf));

test.each([...cited])('%s, which %s cites, is in the title of a describe', (section) => {
  expect([...tested]).toContain(section);
});
