import { describe, expect, test } from 'vitest';
import { otherPages, pages, textOf, withoutBlocks } from './pages.js';

const readme = textOf('README.md');

test('README: at most 300 lines and 25 kB, no line over 160 characters', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(301);
  expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(25_000);
  expect(readme.split('\n').filter((line) => line.length > 160)).toEqual([]);
});

describe.each([...pages, ...otherPages])('%s', (page) => {
  const lines = withoutBlocks(textOf(page)).split('\n');

  test('pads no table', () => {
    expect(lines.filter((line) => line.startsWith('|') && / {2,}|-{4,}/.test(line))).toEqual([]);
  });

  test('has one first-level heading, no trailing spaces and one newline at the end', () => {
    expect(lines.filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
    expect(textOf(page)).toMatch(/[^\n]\n$/);
  });
});
