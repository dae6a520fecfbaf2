import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from './pages.js';

const PAGE = 'docs/guides/troubleshooting.md';

const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.[ct]sx?$/.test(file))
  .map((file) => readFileSync(join('src', file), 'utf8'))
  .join('\n');

/** Messages by which the page is searched: the first cell of a row, where it is nothing but one piece of code. */
const messages = [...textOf(PAGE).matchAll(/^\| `([^`{]+)` \|/gm)].map(([, message]) => message!);
/** Messages of others, which cannot change with our source. */
const others = /^Nest can't resolve/;

test('the troubleshooting page names some messages', () => {
  expect(messages.length).toBeGreaterThan(7);
});

test.each(messages.filter((message) => !others.test(message)))(
  'troubleshooting: the source contains the message "%s"',
  (message) => {
    const parts = message.split('…').map((part) => part.trim());
    expect(parts.filter((part) => !source.includes(part))).toEqual([]);
  },
);
