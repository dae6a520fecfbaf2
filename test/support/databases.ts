import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { isMariaDbInstalled } from './mariadb.js';
import { createDatabase, dropDatabase } from './mariadb-database.js';

export interface TestDatabase {
  name: 'sqlite' | 'mariadb';
  available: boolean;
  /** HTTP adapter a server is started on; that of the reference server unless a test says otherwise. */
  adapter?: 'express' | 'fastify';
  /**
   * A fresh, empty database: the `DATABASE_URL` of it, and the way to remove it.
   *
   * @param folder of a SQLite file. @default that of this run, in memory where there is room
   */
  create: (folder?: string) => Promise<{ url: string; drop: () => Promise<void> }>;
}

const mariaDbUrl = inject('mariaDbUrl');

export const databases: TestDatabase[] = [
  {
    name: 'sqlite',
    available: true,
    async create(folder = inject('tempDir')) {
      const dir = await mkdtemp(join(folder, 'sqlite-'));
      return { url: `sqlite:${join(dir, 'test.sqlite')}`, drop: () => rm(dir, { recursive: true, force: true }) };
    },
  },
  {
    name: 'mariadb',
    available: mariaDbUrl !== '',
    async create() {
      const url = await createDatabase(mariaDbUrl);
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

/** `describe` once per database and HTTP adapter; the title alone stands for the adapter of the reference server. */
export function describeEachServer(title: string, tests: Tests): void {
  describeOn(title, [...on('fastify', ...databases), ...on('express', ...databases)], tests);
}

/** `describe` for each HTTP adapter, where the test can start a MariaDB of its own to do to it what it likes. */
export function describeMariaDbServers(title: string, tests: Tests): void {
  const [, mariaDb] = databases as [TestDatabase, TestDatabase];
  const own = { ...mariaDb, available: mariaDb.available && isMariaDbInstalled() };
  describeOn(title, [...on('fastify', own), ...on('express', own)], tests);
}

/** `describe` for each database and each HTTP adapter, but not each with each: what starts many processes takes its time. */
export function describeServersCrosswise(title: string, tests: Tests): void {
  const [sqlite, mariaDb] = databases as [TestDatabase, TestDatabase];
  describeOn(title, [...on('fastify', sqlite), ...on('express', mariaDb)], tests);
}

const on = (adapter: NonNullable<TestDatabase['adapter']>, ...list: TestDatabase[]): TestDatabase[] =>
  list.map((database) => ({ ...database, adapter }));

function describeOn(title: string, all: TestDatabase[], tests: Tests): void {
  const number = Buffer.from(title).reduce((sum, byte) => sum + byte, 0) % all.length;
  for (const database of isOnce ? all.slice(number, number + 1) : all) {
    const place = database.adapter === 'express' ? `${title} on express` : title;
    describe.skipIf(!database.available)(`${place} (${database.name})`, () => {
      tests(database);
    });
  }
}
