import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { passed } from '../hosts/installed-host.js';
import { databases } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { npmStart, type StartedServer } from '../support/npm-start.js';
import { isInstalled } from '../support/tools.js';
import { Example } from './example.js';

interface Versioned {
  version: string;
}

// A whole project is installed, compiled and run.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const names = (await readdir('examples', { withFileTypes: true })).filter((each) => each.isDirectory());

describe.each(names)('examples/$name', ({ name }) => {
  test('its version ranges are those of the versions that this repository is tested with', async () => {
    const manifestOf = async (file: string): Promise<Record<string, Record<string, string>>> =>
      JSON.parse(await readFile(file, 'utf8')) as Record<string, Record<string, string>>;
    const { devDependencies: tested } = await manifestOf('package.json');
    const { dependencies, devDependencies } = await manifestOf(join('examples', name, 'package.json'));
    const ranges = Object.entries({ ...dependencies, ...devDependencies });
    expect(ranges.filter(([each, range]) => each in tested! && range !== `^${tested![each]}`)).toEqual([]);
  });

  test('its README has about 20 lines', async () => {
    const lines = (await readFile(join('examples', name, 'README.md'), 'utf8')).split('\n');
    expect(lines.length).toBeLessThan(50);
  });
});

describe.runIf(isInstalled('curl'))('examples/nest-app', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.install('nest-app');
  });

  test('the README says how to start it', () => {
    expect(example.shown).toEqual(['npm install', 'npm start']);
  });

  test.each(databases.filter(({ available }) => available))(
    'its commands on $name sign alice in, get 204 and end both of her tokens',
    async (database) => {
      const { url, drop } = await database.create();
      try {
        const settings: Record<string, string> = database.name === 'sqlite' ? {} : { DATABASE_URL: url };
        const { missing, all } = await example.follow('/', settings);
        expect(missing, all).toEqual([]);
      } finally {
        await drop();
      }
    },
  );
});

describe.runIf(isInstalled('curl')).each(['nest-oidc-provider', 'plain-oidc-provider'])('examples/%s', (name) => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.install(name);
  });

  test('the README says how to start it', () => {
    expect(example.shown).toEqual(['npm install', 'npm start']);
  });

  test('its commands sign alice in, get 204 and end her tokens and her session', async () => {
    const { missing, all } = await example.follow('/.well-known/openid-configuration');
    expect(missing, all).toEqual([]);
  });

  if (name === 'plain-oidc-provider') {
    test('its commands do the same on Express 4', async () => {
      await example.host.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', 'express@4.22.1']);
      await example.host.run('sh', ['-c', 'rm op.sqlite*']);
      const { version } = JSON.parse(await example.host.read('node_modules/express/package.json')) as Versioned;
      expect(version).toMatch(/^4\./);
      const { missing, all } = await example.follow('/.well-known/openid-configuration');
      expect(missing, all).toEqual([]);
    });
    return;
  }
  test('npm test passes', async () => {
    const settings = {
      ISSUER: `http://127.0.0.1:${await freePort()}`,
      DATABASE: join(example.host.folder, 'test.sqlite'),
    };
    expect(passed(await example.host.run('npm', ['test'], settings))).toBeGreaterThanOrEqual(5);
  });
});

describe.runIf(isInstalled('curl'))('examples/resource-server', () => {
  let example: Example;
  let op: StartedServer;
  beforeAll(async () => {
    example = await Example.install('resource-server');
    const folder = await mkdtemp(join(inject('tempDir'), 'op-'));
    op = await npmStart({
      GTR_JWT_AUDIENCES: 'https://notes.example.com',
      GTR_STATUS_LIST_TTL_SECONDS: '2',
      GTR_DATA_DIR: folder,
      DATABASE_URL: `sqlite:${join(folder, 'op.sqlite')}`,
    });
  });
  afterAll(async () => {
    await op?.stop();
  });

  test('the README says how to start it', () => {
    const server = 'GTR_JWT_AUDIENCES=https://notes.example.com GTR_STATUS_LIST_TTL_SECONDS=2 npm start';
    expect(example.shown).toEqual([server, 'npm install', 'npm start']);
  });

  test('it installs neither TypeORM nor Passport, and misses no package', async () => {
    const listed = await example.host.run('npm', ['ls', '--all']); // fails if a package is missing
    expect(listed).toMatch(/nestjs-global-revocation@/);
    expect(listed).not.toMatch(/[─┬] (@nestjs\/typeorm|typeorm|@nestjs\/passport|passport)@/);
  });

  test('its commands call the API, and get 401 after the ttl of a revocation', async () => {
    const at = { own: 'http://localhost:4000', others: { 'http://localhost:3000': op.url } };
    const { missing, all } = await example.follow('/', { ISSUER: op.url }, at);
    expect(missing, all).toEqual([]);
  });
});

describe.runIf(isInstalled('curl'))('examples/message-bus', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.install('message-bus');
  });

  test('the README says how to start it', () => {
    expect(example.shown).toEqual(['npm install', 'npm start']);
  });

  test('its commands end a session of the shop, after it is told what it missed while it was down', async () => {
    const [shop, bus] = [String(await freePort()), String(await freePort())];
    const at = { others: { 'http://localhost:4000': `http://localhost:${shop}` } };
    const { missing, all } = await example.follow('/host', { SHOP_PORT: shop, BUS_PORT: bus }, at);
    expect(missing, all).toEqual([]);
  });
});

describe('examples/e2e-tests', () => {
  let example: Example;
  beforeAll(async () => {
    example = await Example.install('e2e-tests');
  });

  test('its commands run two tests with each of Vitest, Jest and node:test', async () => {
    expect(example.shown).toEqual(['npm install', 'npm test']);
    const output = await example.host.run('npm', ['test'], { NO_COLOR: '1' });
    expect(output).toMatch(/^ +Tests +2 passed \(2\)$/m);
    expect(output).toMatch(/^Tests: +2 passed, 2 total$/m);
    expect(output).toMatch(/^(# |ℹ )pass 2$/m);
  });
});
