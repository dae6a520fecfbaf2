import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { anchorsOf, brokenLinks, relativeLinks } from './links.js';
import { otherPages, pages, REPOSITORY, textOf } from './pages.js';

test.each([...pages, ...otherPages])('%s: every link and picture leads to an existing file and heading', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

test.each([...pages, 'CONTRIBUTING.md', 'SECURITY.md'])(
  '%s: every path of the repository that it names exists',
  (page) => {
    const paths = [...textOf(page).matchAll(/`((?:src|test|config|docs|\.ci)\/[\w./-]+)`/g)].map(([, path]) => path!);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  },
);

test('README: links are absolute because npm shows the page', () => {
  expect(relativeLinks(textOf('README.md'))).toEqual([]);
});

test('every picture is on a page', () => {
  const text = pages.map((page) => textOf(page)).join('\n');
  expect(readdirSync('docs/pictures').filter((picture) => !text.includes(`pictures/${picture}`))).toEqual([]);
});

test('every page can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) {
    for (const other of pages) if (linksTo(page, other)) reached.add(other);
  }
  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

const linksTo = (page: string, other: string): boolean => {
  const link = page === 'README.md' ? `${REPOSITORY}/blob/main/${other}` : `/${other.split('/').at(-1)!}`;
  return ['(', '/'].some((before) => textOf(page).includes(link.replace(/^\//, before)));
};

test.each([
  ['a missing file', '[a](nowhere.md)', ['nowhere.md']],
  ['a missing heading', '[a](../../README.md#nowhere)', ['../../README.md#nowhere']],
  ['a missing heading of the page itself', '# One\n\n[a](#one) [b](#two)', ['#two']],
  ['an absolute link', `[a](${REPOSITORY}/blob/main/nowhere.md)`, [`${REPOSITORY}/blob/main/nowhere.md`]],
  ['a picture', '<img src="nowhere.png">', ['nowhere.png']],
  ['code', '`[a](nowhere.md)`\n\n```md\n[a](nowhere.md)\n```', []],
  ['a link to another site', '[a](https://example.com/#x)', []],
])('%s is found when broken', (_what, markdown, broken) => {
  expect(brokenLinks('docs/guides/planted.md', markdown)).toEqual(broken);
});

test('anchors match those of GitHub', () => {
  const headings = '# What is `users.iss_sub`?\n## A–B: c & d\n## A–B: c & d\n## [Link](x.md) here';
  expect([...anchorsOf(headings)]).toEqual(['what-is-usersiss_sub', 'ab-c--d', 'ab-c--d-1', 'link-here']);
});
