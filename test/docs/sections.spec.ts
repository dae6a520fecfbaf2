import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { groups } from '../../src/conformance/requirements/all.js';

const DRAFT = 'draft-parecki-oauth-global-token-revocation-06';
const OKTA = 'https://developer.okta.com/docs/guides/oin-universal-logout-overview/';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => /\.[ct]sx?$/.test(name));
/** Every `@see` of the source. */
const sources = files.flatMap((name) => {
  const comments = readFileSync(join('src', name), 'utf8').match(/\/\*\*[^]*?\*\//g) ?? [];
  const texts = comments.flatMap((comment) => comment.match(/@see [^@]*/g) ?? []);
  return texts.map((text) => ({ name, text: text.replaceAll(/\s*\*\/$|\n\s*\*(?!\/)/g, '') }));
});

/** `RFC 9449 §4.3, §11.1` → both of them by name; of a document without sections, its name. */
function sectionsOf(text: string): string[] {
  let document = '';
  const found: string[] = [];
  for (const [token] of text.matchAll(/RFC \d+|OpenID\.[\w-]+|draft-[a-z\d-]+|https:\S+|§[A-Z\d]+(\.\d+)*/g)) {
    if (token.startsWith('§')) found.push(`${document} ${token}`);
    else document = token;
    if (token.startsWith('https:')) found.push(token);
  }
  return found;
}

const kept = sources.filter(({ name }) => !name.startsWith('conformance'));
const inCode = new Set(kept.flatMap(({ text }) => sectionsOf(text)));
const requirements = groups.flatMap((group) => group.requirements);
const sections = [...new Set(requirements.map(({ specification, section }) => `${specification} §${section}`))];

const named = (section: string): string =>
  section
    .replace('draft-06', DRAFT)
    .replace('Token Status List', 'draft-ietf-oauth-status-list')
    .replace(/^Okta .*/, OKTA);

test.each(sections)('%s: the code that meets its requirements cites it', (section) => {
  expect([...inCode]).toContain(named(section));
});

test('every section with duties of a server has a requirement', () => {
  const draft = ['3.1', '3.2', '3.3', '3.4', '3.4.1', '3.4.2', '3.5', '6', '7.1', '7.2', 'A.3'];
  const formats = ['3', ...[1, 2, 3, 4, 5, 6, 7, 8].map((number) => `3.2.${number}`)];
  const expected = [
    ...draft.map((section) => `draft-06 §${section}`),
    ...formats.map((section) => `RFC 9493 §${section}`),
  ];
  expect(expected.filter((section) => !sections.includes(section))).toEqual([]);
});

test('every citation of an RFC or draft names the section', () => {
  expect(sources.filter(({ text }) => /(RFC \d{4}|draft-[a-z\d-]+-\d\d)(?! §)/.test(text))).toEqual([]);
});
