import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { blockOf } from '../docs/blocks.js';
import { type Tarball, tarballs } from '../package/pack.js';
import { databases } from '../support/databases.js';
import { InstalledHost, passed } from './installed-host.js';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const manifestOf = async (folder: string): Promise<Manifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
const mariadb = databases.find(({ name }) => name === 'mariadb')!;

// Somebody else's whole project is installed, compiled and tested.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const TESTING = 'docs/guides/testing.md';

let packed: Tarball[];
beforeAll(async () => {
  packed = Object.values(await tarballs());
});

/** Installs a host; the time that takes is printed. */
async function install(name: string): Promise<InstalledHost> {
  const from = Date.now();
  const host = await InstalledHost.install(join('test/hosts', name), packed);
  console.log(`${name}: installed in ${((Date.now() - from) / 1000).toFixed(1)} s`);
  return host;
}

/** The folders of the hosts. */
const hosts = async (): Promise<string[]> =>
  (await readdir('test/hosts', { withFileTypes: true })).filter((each) => each.isDirectory()).map(({ name }) => name);

test('the hosts on Nest 12 pin the versions of this repository, except for TypeScript', async () => {
  const { devDependencies: ours } = (await manifestOf('.')) as { devDependencies: Record<string, string> };
  // commonjs is on Nest 11, whose own packages are CommonJS.
  for (const host of (await hosts()).filter((name) => name !== 'commonjs')) {
    const theirs = await manifestOf(join('test/hosts', host));
    const pins = Object.entries({ ...theirs.dependencies, ...theirs.devDependencies });
    const differ = pins.filter(([name, version]) => name in ours && ours[name] !== version);
    expect(differ.filter(([name]) => name !== 'typescript')).toEqual([]);
  }
});

describe.skipIf(!mariadb.available)('Express, MariaDB, own tables, own guard, own strategy', () => {
  test('npm test passes against the packed package', async () => {
    const host = await install('express-mariadb');
    const { url, drop } = await mariadb.create();
    try {
      expect(passed(await host.run('npm', ['test'], { DATABASE_URL: url }))).toBeGreaterThanOrEqual(8);
    } finally {
      await drop();
    }
  });
});

describe('CommonJS', () => {
  let host: InstalledHost;
  beforeAll(async () => {
    host = await install('commonjs');
  });

  test('npm test passes against the packed package', async () => {
    expect(passed(await host.run('npm', ['test']))).toBeGreaterThanOrEqual(4);
  });

  test('a process that loads both builds has one set of injection tokens and one epoch context', async () => {
    await host.write(
      'both.cjs',
      `const folder = require.resolve('nestjs-global-revocation').replace('index.js', 'commonjs/');
       const same = (one, other) => Object.keys(one).filter((name) => one[name] === other[name]).length;
       import('nestjs-global-revocation').then((modules) => {
         const counts = ['index.cjs', 'index.bundle.cjs'].map((file) => same(modules, require(folder + file)));
         console.log(JSON.stringify([Object.keys(modules).length, ...counts]));
       });`,
    );
    const [all, required, bundled] = JSON.parse(await host.run('node', ['both.cjs'])) as number[];
    expect(required).toBe(all);
    expect(bundled).toBeLessThan(all!); // loading it would make a second copy of the classes
  });

  test('the Jest block of the guide passes in three simultaneous workers', async () => {
    const block = blockOf(TESTING, `require('nestjs-global-revocation-testing')`);
    for (const worker of [1, 2, 3]) await host.write(`test/guide-${worker}.test.js`, block);
    expect(passed(await host.run('npx', ['jest', '--maxWorkers=3', 'test/guide-']))).toBe(3);
  });

  test('the node:test block of the guide passes', async () => {
    await host.write('test/guide.mjs', blockOf(TESTING, `from 'node:test'`));
    expect(passed(await host.run(process.execPath, ['--test', 'test/guide.mjs']))).toBe(1);
  });

  test('the Vitest block of the guide passes', async () => {
    const project = await InstalledHost.linked('vitest', {
      'nestjs-global-revocation-testing': join(host.folder, 'node_modules/nestjs-global-revocation-testing'),
      vitest: join(process.cwd(), 'node_modules/vitest'),
    });
    await project.write('guide.test.ts', blockOf(TESTING, `from 'vitest'`));
    const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs');
    const output = await project.run(process.execPath, [vitest, 'run', '--no-color', `--root=${project.folder}`]);
    expect(output).toMatch(/Tests +1 passed/);
  });
});
