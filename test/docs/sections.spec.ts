import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { groups } from '../../src/conformance/run.js';

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
  for (const [token] of text.matchAll(/RFC \d+|draft-[a-z\d-]+|https:\S+|§[A-Z\d]+(\.\d+)*/g)) {
    if (token.startsWith('§')) found.push(`${document} ${token}`);
    else document = token;
    if (token.startsWith('https:')) found.push(token);
  }
  return found;
}

const kept = sources.filter(({ name }) => !name.startsWith('conformance'));
const inCode = new Set(kept.flatMap(({ text }) => sectionsOf(text)));
const clauses = groups.flatMap((group) => group.clauses);

test.each([...new Set(clauses.map(({ source }) => source))])('%s → the code that keeps the rule cites it', (source) => {
  expect([...inCode]).toContain(source.replace('draft-06', DRAFT).replace('Okta Universal Logout', OKTA));
});

test('every number of the conformance list has a clause', () => {
  const draft = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24];
  const identifiers = [27, 28, 29, 31, 32, 33, 34, 35, 36, 37, 38, 39];
  const credentials = [42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58];
  const numbers = [...new Set(clauses.map(({ number }) => number))].toSorted((a, b) => a - b);
  expect(numbers).toEqual([...draft, ...identifiers, ...credentials]);
});

test('whoever cites an RFC or a draft names the section', () => {
  expect(sources.filter(({ text }) => /(RFC \d{4}|draft-[a-z\d-]+-\d\d)(?! §)/.test(text))).toEqual([]);
});
