import { chmod, chown, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import { authority, type Certificate, signedBy } from '../../support/certificates.js';
import type { DatabaseServer } from '../../support/database-server.js';
import { databases } from '../../support/databases.js';
import { startMariaDb } from '../../support/mariadb.js';
import { startPostgres } from '../../support/postgres.js';
import { createDatabase } from '../../support/server-database.js';

/** Somebody who is let in only with a certificate. */
const WITH_CERTIFICATE = 'certified';

/** Files in PEM: the authority of the server, another one, and what the client has. */
type Files = Record<'ca' | 'other' | 'cert' | 'key', string>;

/** A server with TLS. */
interface TlsServer {
  server: DatabaseServer;
  /** Gives it another certificate. */
  change(certificate: Certificate): Promise<void>;
}

/** A kind of database: how its server gets TLS, and what its parameters are called. */
interface Kind {
  name: 'mariadb' | 'postgres';
  start: (ca: string, certificate: Certificate) => Promise<TlsServer>;
  /** Whether the connection is encrypted. */
  encrypted: string;
  /** Lets in somebody only with a certificate. */
  names: { mode: string; ca: string; cert: string; key: string };
  modes: { off: string; any: string; byCa: string; byName: string };
}

/** Runs statements as the owner of the server, in one connection. */
async function asOwner(url: string, work: (dataSource: DataSource) => Promise<unknown>): Promise<void> {
  const system = url.startsWith('postgres:') ? 'postgres' : 'mysql';
  const dataSource = await new DataSource({ ...dataSourceOptions(`${url}/${system}`), migrations: [] }).initialize();
  try {
    await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

const passwordOf = (url: string): string => new URL(url).password;

const mariaDb: Kind = {
  name: 'mariadb',
  encrypted: `SELECT VARIABLE_VALUE <> '' AS encrypted FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'`,
  names: { mode: 'ssl-mode', ca: 'ssl-ca', cert: 'ssl-cert', key: 'ssl-key' },
  modes: { off: 'DISABLED', any: 'REQUIRED', byCa: 'VERIFY_CA', byName: 'VERIFY_IDENTITY' },
  async start(ca, certificate) {
    const dir = await mkdtemp(join(inject('tempDir'), 'mariadb-tls-'));
    const [cert, key] = [join(dir, 'server.pem'), join(dir, 'server-key.pem')];
    const write = async (next: Certificate): Promise<void> => {
      await writeFile(cert, next.certificate);
      await writeFile(key, next.key);
    };
    await write(certificate);
    const server = await startMariaDb('memory', [`--ssl-ca=${ca}`, `--ssl-cert=${cert}`, `--ssl-key=${key}`]);
    await asOwner(server.url, async (owner) => {
      await owner.query(`CREATE USER '${WITH_CERTIFICATE}'@'%' IDENTIFIED BY '${passwordOf(server.url)}' REQUIRE X509`);
      await owner.query(`GRANT ALL ON *.* TO '${WITH_CERTIFICATE}'@'%'`);
    });
    return {
      server,
      async change(next) {
        await write(next);
        await asOwner(server.url, (owner) => owner.query('FLUSH SSL'));
      },
    };
  },
};

const postgres: Kind = {
  name: 'postgres',
  encrypted: 'SELECT ssl AS encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  names: { mode: 'sslmode', ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' },
  modes: { off: 'disable', any: 'require', byCa: 'verify-ca', byName: 'verify-full' },
  async start(ca, certificate) {
    const server = await startPostgres('memory');
    let data = '';
    await asOwner(server.url, async (owner) => {
      const [row] = await owner.query<[{ data_directory: string }]>('SHOW data_directory');
      data = row.data_directory;
    });
    const { uid, gid } = await stat(data);
    /** A file of the account that the server runs as, which nobody else reads. */
    const write = async (name: string, text: string): Promise<void> => {
      const file = join(data, name);
      await writeFile(file, text);
      await chmod(file, 0o600);
      await chown(file, uid, gid);
    };
    const change = async (next: Certificate): Promise<void> => {
      await write('server.crt', next.certificate);
      await write('server.key', next.key);
      await asOwner(server.url, (owner) => owner.query('SELECT pg_reload_conf()'));
    };
    await write('root.crt', await readFile(ca, 'utf8'));
    const hba = await readFile(join(data, 'pg_hba.conf'), 'utf8');
    const first = `hostssl all ${WITH_CERTIFICATE} all scram-sha-256 clientcert=verify-ca\nhost all ${WITH_CERTIFICATE} all reject\n`;
    await write('pg_hba.conf', first + hba);
    await change(certificate);
    await asOwner(server.url, async (owner) => {
      await owner.query(`CREATE ROLE ${WITH_CERTIFICATE} SUPERUSER LOGIN PASSWORD '${passwordOf(server.url)}'`);
      await owner.query(`ALTER SYSTEM SET ssl_ca_file = 'root.crt'`);
      await owner.query('ALTER SYSTEM SET ssl = on');
      await owner.query('SELECT pg_reload_conf()');
    });
    return { server, change };
  },
};

describe.each([mariaDb, postgres])('TLS to $name', ({ name, start, encrypted, names, modes }) => {
  const has = databases.some((each) => each.name === name && each.available && each.startOwn !== undefined);
  describe.skipIf(!has)('with certificates of an authority of its own', () => {
    let ca: Certificate;
    let files: Files;
    let tls: TlsServer;
    let database: string;

    beforeAll(async () => {
      const dir = await mkdtemp(join(inject('tempDir'), 'client-tls-'));
      const file = async (called: string, text: string): Promise<string> => {
        await writeFile(join(dir, called), text);
        return join(dir, called);
      };
      ca = await authority();
      const client = await signedBy(ca, 'DNS:client');
      files = {
        ca: await file('ca.pem', ca.certificate),
        other: await file('other.pem', (await authority()).certificate),
        cert: await file('client.pem', client.certificate),
        key: await file('client-key.pem', client.key),
      };
      tls = await start(files.ca, await signedBy(ca, 'DNS:localhost'));
      database = await createDatabase(tls.server.url);
    }, 300_000);
    afterAll(() => tls?.server.stop());

    /** Connects as the reference server does. @returns whether that is encrypted, or why it was refused */
    async function connect(parameters: Record<string, string>, more: { user?: string; host?: string } = {}) {
      const url = new URL(database);
      url.hostname = more.host ?? 'localhost';
      url.username = more.user ?? url.username;
      for (const [parameter, value] of Object.entries(parameters)) url.searchParams.set(parameter, value);
      try {
        const dataSource = await new DataSource({ ...dataSourceOptions(url.href), migrations: [] }).initialize();
        try {
          const [row] = await dataSource.query<[{ encrypted: number | boolean }]>(encrypted);
          return row.encrypted ? 'encrypted' : 'clear text';
        } finally {
          await dataSource.destroy();
        }
      } catch (error) {
        return (error as Error).message;
      }
    }
    const NOT_TRUSTED =
      /certificate signature failure|self.signed certificate|unable to verify|unable to get (local )?issuer/i;
    const OTHER_NAME = /does not match certificate's altnames|altnames/i;

    test('without parameters, and when it is switched off, the connection is in clear text', async () => {
      expect(await connect({})).toBe('clear text');
      expect(await connect({ [names.mode]: modes.off })).toBe('clear text');
      expect(await connect({ ssl: 'false' })).toBe('clear text');
    });

    test('a mode without checks takes any certificate', async () => {
      expect(await connect({ [names.mode]: modes.any })).toBe('encrypted');
    });

    test.each([{ [names.mode]: modes.byCa }, { [names.mode]: modes.byName }, {}, { ssl: 'true' }])(
      'with %o, the certificate must be of the given authority',
      async (mode) => {
        expect(await connect({ ...mode, [names.ca]: files.ca })).toBe('encrypted');
        expect(await connect({ ...mode, [names.ca]: files.other })).toMatch(NOT_TRUSTED);
      },
    );

    test("without a file, the authorities are Node's own", async () => {
      expect(await connect({ ssl: 'true' })).toMatch(NOT_TRUSTED);
      expect(await connect({ [names.mode]: modes.byCa })).toMatch(NOT_TRUSTED);
    });

    test('a client certificate is presented, and required where the server asks for it', async () => {
      const user = WITH_CERTIFICATE;
      const client = { [names.ca]: files.ca, [names.cert]: files.cert, [names.key]: files.key };
      expect(await connect(client, { user })).toBe('encrypted');
      expect(await connect({ ...client, [names.mode]: modes.any }, { user })).toBe('encrypted');
      expect(await connect({ [names.ca]: files.ca }, { user })).toMatch(/access denied|client certificate/i);
      expect(await connect({}, { user })).toMatch(/access denied|pg_hba/i);
    });

    test('an address is not taken for a name in the certificate', async () => {
      const host = '127.0.0.1';
      expect(await connect({ [names.ca]: files.ca }, { host })).not.toBe('encrypted');
      expect(await connect({ [names.ca]: files.ca, [names.mode]: modes.byCa }, { host })).toBe('encrypted');
    });

    test('a certificate of another name is refused by the mode that compares names only', async () => {
      await tls.change(await signedBy(ca, 'DNS:other.example'));
      await expect
        .poll(() => connect({ [names.ca]: files.ca, [names.mode]: modes.byName }), { timeout: 20_000 })
        .toMatch(OTHER_NAME);
      expect(await connect({ [names.ca]: files.ca })).toMatch(OTHER_NAME);
      expect(await connect({ [names.ca]: files.ca, [names.mode]: modes.byCa })).toBe('encrypted');
    });
  });
});
