import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const packages = ['cli', 'conformance', 'module', 'reference-op', 'testing'];

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => !/\/(dist|node_modules)\//.test(file));

/** Source files without `src/` and their ending. */
const sources = new Set(
  packages
    .flatMap((name) => filesOf(join('src', name)))
    .flatMap((file) => /^src\/(.+)\.(?:cts|js|tsx?)$/.exec(file)?.[1] ?? []),
);
const folders = new Set([...sources].map(dirname));

const TOPIC = /\.[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Returns whether a spec has the name of a source file, or that of a source file or its folder and a topic. */
function isNamed(spec: string): boolean {
  const name = spec.replace(/^test\//, '').replace(/\.spec\.ts$/, '');
  const about = name.replace(TOPIC, '');
  const folder = dirname(name);
  const isOfFolder = folders.has(folder) && about === join(folder, basename(folder)) && about !== name;
  return sources.has(name) || sources.has(about) || isOfFolder;
}

describe('names of specs', () => {
  test('each mirrors a source file or folder: <source file>[.<topic>].spec.ts or <folder>.<topic>.spec.ts', () => {
    const specs = packages.flatMap((name) => filesOf(join('test', name))).filter((file) => file.endsWith('.spec.ts'));
    expect(specs.filter((spec) => !isNamed(spec))).toEqual([]);
  });

  test.each([
    ['test/module/notifications/deliveries.spec.ts', true],
    ['test/module/notifications/deliveries.crash.spec.ts', true],
    ['test/module/notifications/notifications.crash.spec.ts', true],
    ['test/module/notifications/notifications.spec.ts', false],
    ['test/module/notifications/crash.spec.ts', false],
    ['test/module/notifications/deliveries.after.crash.spec.ts', false],
    ['test/module/deliveries.spec.ts', false],
    ['test/module/nothing/nothing.crash.spec.ts', false],
  ])('%s: %s', (spec, expected) => {
    expect(isNamed(spec)).toBe(expected);
  });
});
