import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { installedWith, own, requiredPeers, withInstallScript } from './dependencies.js';
import { declarationsFrom } from './declarations.js';
import { pack, type Tarball } from './pack.js';

const run = promisify(execFile);
const manifest = JSON.parse(await readFile('package.json', 'utf8')) as {
  exports: Record<string, string>;
  devDependencies: Record<string, string>;
};
const kB = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;

let tarball: Tarball;
beforeAll(async () => {
  tarball = await pack(await mkdtemp(join(inject('tempDir'), 'pack-')));
});

describe('the tarball', () => {
  test('its files → the library, what explains it, and nothing else', () => {
    const folders = new Set(tarball.paths.map((path) => path.split('/').slice(0, 2).join('/')));
    expect([...folders].filter((path) => !path.startsWith('dist/')).sort()).toEqual([
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'],
    ]);
    expect(tarball.paths.filter((path) => !/^dist\/.*\.c?js$|\.d\.c?ts$|^[^/]*$/.test(path))).toEqual([]);
  });

  test('what commands load only when they are run → is in it', () => {
    expect(tarball.paths).toContain('dist/cli/tui/app.js');
  });

  test('the reference server → is not in it', () => {
    expect(tarball.paths.filter((path) => /^dist\/reference-op\/(?!op\/|migrations\/)/.test(path))).toEqual([]);
  });

  test('every subpath → leads to a file of it', () => {
    const targets = Object.values(manifest.exports).map((target) => target.slice('./'.length));
    expect(targets.filter((target) => !tarball.paths.includes(target))).toEqual([]);
  });

  test('declarations → all that the entry points lead to, and of whole folders behind them none', async () => {
    const declared = new Set(tarball.paths.filter((path) => /\.d\.c?ts$/.test(path)));
    const reached = await declarationsFrom(Object.values(manifest.exports).filter((target) => target.endsWith('js')));
    expect([...reached].filter((path) => !declared.has(path))).toEqual([]);
    expect(
      [...declared].filter((path) => /^dist\/(op|conformance|migrations|admin|testing)\//.test(path)).sort(),
    ).toEqual([...reached].filter((path) => /^dist\/(admin|testing)\//.test(path)).sort());
  });

  test('publint → finds nothing', async () => {
    const { buffer } = await readFile(tarball.file);
    const { messages, pkg } = await publint({ pack: { tarball: buffer as ArrayBuffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg as Record<string, unknown>))).toEqual([]);
  });

  test('types of every subpath → resolve for ESM', async () => {
    const { stdout } = await run('npx', ['attw', '--profile=esm-only', '--format=ascii', '--no-emoji', tarball.file]);
    for (const path of Object.keys(manifest.exports)) {
      expect(stdout).toContain(`"nestjs-global-revocation${path.slice(1)}"`);
    }
  });
});

describe('an installation', () => {
  const needed = installedWith([...Object.keys(own.dependencies ?? {}), ...requiredPeers(own)]);

  test('what has to be installed → no install script, so no native build', () => {
    expect(needed.size).toBeGreaterThan(0);
    expect(withInstallScript(needed)).toEqual([]);
  });

  test('peers → each is what the suite runs with', () => {
    const { peerDependencies = {} } = own;
    expect(Object.keys(peerDependencies).filter((name) => !(name in manifest.devDependencies))).toEqual([]);
  });

  test('size and number of packages → printed', () => {
    const peers = installedWith(requiredPeers(own));
    const added = [...needed].filter((path) => !peers.has(path)).map((path) => path.replace('node_modules/', ''));
    console.log(
      `packed ${kB(tarball.size)}, unpacked ${kB(tarball.unpackedSize)}, ${tarball.paths.length} files; ` +
        `beside its peers (${peers.size} packages) it brings ${added.length}: ${added.sort().join(', ')}`,
    );
    expect(tarball.size).toBeLessThan(300_000);
  });
});
