import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { declarationsFrom } from './declarations.js';
import { installedWith, lockedAt, requiredPeers, withInstallScript } from './dependencies.js';
import { PUBLISHED, type Published, type Tarball, tarballs } from './pack.js';

const run = promisify(execFile);
const kB = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;

interface Manifest {
  name: string;
  exports: Record<string, string | Record<string, string>>;
  bin?: Record<string, string>;
}

/** Folders and files at the top of each tarball, beside what every package has. */
const MORE: Record<Published, string[]> = {
  module: ['CHANGELOG.md', 'SECURITY.md'],
  conformance: [],
  cli: [],
  testing: [],
};
/** Most bytes of each tarball, compressed. */
const SIZE = { module: 560_000, conformance: 60_000, cli: 90_000, testing: 280_000 };
/**
 * How types must resolve. Node loads the ES modules of src/module for `require` too, as its declarations say: only Jest
 * and older bundlers load its CommonJS build.
 */
const TYPES = {
  module: ['--profile=strict', '--ignore-rules=false-esm'],
  conformance: ['--profile=esm-only'],
  cli: ['--profile=esm-only'],
  testing: ['--profile=node16'],
};

let all: Record<Published, Tarball>;
beforeAll(async () => {
  all = await tarballs();
});

describe.each(PUBLISHED)('the tarball of src/%s', async (name) => {
  const manifest = JSON.parse(await readFile(`src/${name}/package.json`, 'utf8')) as Manifest;
  const exported = Object.values(manifest.exports).map((target) =>
    typeof target === 'string' ? { default: target } : target,
  );
  const entries = exported.map((target) => target.default).filter((target) => target.endsWith('js'));

  test('contains the code, its documentation and nothing else', () => {
    const top = new Set(all[name].paths.map((path) => path.split('/')[0]!));
    expect([...top].sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', ...MORE[name]].sort());
    const others = all[name].paths.filter(
      (path) => !/^[^/]*$|\.(c?js|d\.c?ts|css)$|\/(package\.json|LICENSE\.md)$/.test(path),
    );
    expect(others).toEqual([]);
  });

  test('has a file for every entry point and every command', () => {
    const targets = [...exported.flatMap((target) => Object.values(target)), ...Object.values(manifest.bin ?? {})];
    const missing = targets.map((target) => target.replace('./', '')).filter((path) => !all[name].paths.includes(path));
    expect(missing).toEqual([]);
  });

  test('has every declaration that the entry points lead to', async () => {
    const reached = await declarationsFrom(entries.map((entry) => `src/${name}/${entry}`));
    const paths = [...reached].map((path) => path.replace(`src/${name}/`, ''));
    expect(paths.filter((path) => !all[name].paths.includes(path))).toEqual([]);
  });

  test('passes publint', async () => {
    const { buffer } = await readFile(all[name].file);
    const { messages, pkg } = await publint({ pack: { tarball: buffer as ArrayBuffer }, strict: true });
    // The declarations are those of the ES modules: see `TYPES`.
    const others = messages.filter(({ code }) => code !== 'EXPORTS_TYPES_INVALID_FORMAT' || name !== 'module');
    expect(others.map((message) => formatMessage(message, pkg as Record<string, unknown>))).toEqual([]);
  });

  test('has types that resolve for every entry point', async () => {
    if (entries.length === 0) return expect(manifest.bin).toBeDefined(); // a command has no types
    const args = ['attw', ...TYPES[name], '--format=ascii', '--no-emoji', all[name].file];
    const { stdout } = await run('npx', args);
    for (const path of Object.keys(manifest.exports)) expect(stdout).toContain(`"${manifest.name}${path.slice(1)}"`);
  });

  test('needs no install script, so no native build', () => {
    const { dependencies = {}, ...rest } = lockedAt(`src/${name}`);
    expect(withInstallScript(installedWith([...Object.keys(dependencies), ...requiredPeers(rest)]))).toEqual([]);
  });

  test('is small', () => {
    const locked = lockedAt(`src/${name}`);
    const peers = installedWith(requiredPeers(locked));
    const added = [...installedWith(Object.keys(locked.dependencies ?? {}))].filter((path) => !peers.has(path));
    const { size, unpackedSize, paths } = all[name];
    console.log(
      `${manifest.name}: packed ${kB(size)}, unpacked ${kB(unpackedSize)}, ${paths.length} files; ` +
        `beside its peers (${peers.size} packages) it brings ${added.length}`,
    );
    expect(size).toBeLessThan(SIZE[name]);
  });
});
