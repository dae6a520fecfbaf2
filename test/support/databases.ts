import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { createDatabase, dropDatabase } from './mariadb-database.js';

export interface TestDatabase {
  name: 'sqlite' | 'mariadb';
  available: boolean;
  /** HTTP adapter a server is started on; that of the reference server unless a test says otherwise. */
  adapter?: 'express' | 'fastify';
  /** A fresh, empty database: the `DATABASE_URL` of it, and the way to remove it. */
  create: () => Promise<{ url: string; drop: () => Promise<void> }>;
}

const mariaDbUrl = inject('mariaDbUrl');

export const databases: TestDatabase[] = [
  {
    name: 'sqlite',
    available: true,
    async create() {
      const dir = await mkdtemp(join(inject('tempDir'), 'sqlite-'));
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

/** `describe` once per supported database; reported as skipped for one that this run does not have. */
export function describeEachDatabase(title: string, tests: (database: TestDatabase) => void): void {
  for (const database of databases) describeOn(title, database, tests);
}

/** Whether each server test runs on half of the combinations: both databases and both adapters, but not each with each. */
const isDiagonal = process.env.TEST_MATRIX === 'diagonal';

/** `describe` once per database and HTTP adapter; the title alone stands for the adapter of the reference server. */
export function describeEachServer(title: string, tests: (database: TestDatabase) => void): void {
  for (const adapter of ['fastify', 'express'] as const) {
    const on = adapter === 'fastify' ? title : `${title} on ${adapter}`;
    for (const database of databases) {
      if (isDiagonal && (adapter === 'fastify') !== (database.name === 'sqlite')) continue;
      describeOn(on, { ...database, adapter }, tests);
    }
  }
}

function describeOn(title: string, database: TestDatabase, tests: (database: TestDatabase) => void): void {
  describe.skipIf(!database.available)(`${title} (${database.name})`, () => {
    tests(database);
  });
}
