import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { quick } from '../../config/vitest.config.js';

/** The patterns of Vitest's `include`, as far as we use them. */
const pattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replaceAll('.', String.raw`\.`)
      .replaceAll('**/', '(.+/)?')
      .replaceAll('*', '[^/]*')
      .replaceAll(/\{([^}]+)\}/g, (_all, names: string) => `(${names.replaceAll(',', '|')})`)}$`,
  );

const patterns = quick.map(pattern);
const specs = readdirSync('test', { recursive: true, encoding: 'utf8' }).map((name) => join('test', name));
const foldersOf = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(path, entry.name)] : []));

const areas = [...foldersOf('test/module'), 'test/cli', 'test/conformance', 'test/reference-op', 'test/testing'];

test.each(areas)('the quick suite has a spec of %s', (area) => {
  const inside = specs.filter((spec) => spec.startsWith(`${area}/`));
  expect(inside.some((spec) => patterns.some((each) => each.test(spec)))).toBe(true);
});

test.each(quick)('the quick suite finds a spec for %s', (glob) => {
  expect(specs.some((spec) => pattern(glob).test(spec))).toBe(true);
});
