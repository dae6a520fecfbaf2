import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import type { DatabaseServer } from './database-server.js';
import { startMariaDb } from './mariadb.js';
import { startPostgres } from './postgres.js';
import type { Where } from './scratch.js';
import { createDatabase, dropDatabase } from './server-database.js';
import { pathOf } from './tools.js';

export interface TestDatabase {
  name: 'sqlite' | 'mariadb' | 'postgres';
  available: boolean;
  /** What the test kit takes as its `database`. */
  where: string;
  /** HTTP adapter a server is started on; that of the reference server unless a test says otherwise. */
  adapter?: 'express' | 'fastify';
  /**
   * A fresh, empty database: the `DATABASE_URL` of it, and the way to remove it.
   *
   * @param folder of a SQLite file. @default that of this run, in memory where there is room
   */
  create: (folder?: string) => Promise<{ url: string; drop: () => Promise<void> }>;
  /** Starts a server for one test, which does to it what it likes. */
  startOwn?: (where?: Where) => Promise<DatabaseServer>;
}

const mariaDbUrl = inject('mariaDbUrl');
const postgresUrl = inject('postgresUrl');

export const databases: TestDatabase[] = [
  {
    name: 'sqlite',
    available: true,
    where: 'sqlite',
    async create(folder = inject('tempDir')) {
      const dir = await mkdtemp(join(folder, 'sqlite-'));
      return { url: `sqlite:${join(dir, 'test.sqlite')}`, drop: () => rm(dir, { recursive: true, force: true }) };
    },
  },
  {
    name: 'mariadb',
    available: mariaDbUrl !== '',
    where: mariaDbUrl,
    ...(pathOf('mariadbd') && { startOwn: startMariaDb }),
    async create() {
      const url = await createDatabase(mariaDbUrl);
      return { url, drop: () => dropDatabase(url) };
    },
  },
  {
    name: 'postgres',
    available: postgresUrl !== '',
    where: postgresUrl,
    startOwn: startPostgres,
    async create() {
      const url = await createDatabase(postgresUrl);
      return { url, drop: () => dropDatabase(url) };
    },
  },
];

type Tests = (database: TestDatabase) => void;

/** Whether each test runs only once, on the database and the adapter that its title picks. */
const isOnce = process.env.TEST_MATRIX === 'once';

/** `describe` once per supported database; reported as skipped for one that this run does not have. */
export function describeEachDatabase(title: string, tests: Tests): void {
  describeOn(title, databases, tests);
}

/**
 * `describe` once per database, each on one of the HTTP adapters: no code knows of both. The title alone stands for the adapter
 * of the reference server.
 */
export function describeEachServer(title: string, tests: Tests): void {
  describeOn(title, servers(), tests);
}

/** {@link describeEachServer} on the database that the title picks, for tests in which the database plays no part. */
export function describeOneServer(title: string, tests: Tests): void {
  describeOn(title, servers(), tests, true);
}

/** `describe` for each database of which a test can start a server of its own, each on one of the HTTP adapters. */
export function describeOwnServers(title: string, tests: (database: OwnServerDatabase) => void): void {
  const [, mariaDb, postgres] = databases as [TestDatabase, TestDatabase, TestDatabase];
  const own = (database: TestDatabase) => ({ ...database, available: database.available && !!database.startOwn });
  describeOn(title, [...on('fastify', own(postgres)), ...on('express', own(mariaDb))], tests as Tests);
}

/** {@link describeOwnServers}. */
export type OwnServerDatabase = TestDatabase & Required<Pick<TestDatabase, 'startOwn'>>;

function servers(): TestDatabase[] {
  const [sqlite, mariaDb, postgres] = databases as [TestDatabase, TestDatabase, TestDatabase];
  return [...on('fastify', sqlite, postgres), ...on('express', mariaDb)];
}

const on = (adapter: NonNullable<TestDatabase['adapter']>, ...list: TestDatabase[]): TestDatabase[] =>
  list.map((database) => ({ ...database, adapter }));

function describeOn(title: string, all: TestDatabase[], tests: Tests, once = isOnce): void {
  const there = all.filter(({ available }) => available);
  const number = Buffer.from(title).reduce((sum, byte) => sum + byte, 0) % there.length;
  for (const database of once && there.length > 0 ? [there[number]!] : all) {
    const place = database.adapter === 'express' ? `${title} on express` : title;
    describe.skipIf(!database.available)(`${place} (${database.name})`, () => {
      tests(database);
    });
  }
}
