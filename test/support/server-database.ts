import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { runOnServer } from '../../src/testing/own-database.js';

const isPostgres = ({ protocol }: URL): boolean => protocol === 'postgres:';

/** Creates an empty database with a name of its own and returns its url. */
export async function createDatabase(baseUrl: string): Promise<string> {
  const url = new URL(baseUrl);
  url.pathname = `/gtr_${randomBytes(6).toString('hex')}`;
  await runOnServer(
    url,
    `CREATE DATABASE ${url.pathname.slice(1)} ${isPostgres(url) ? `ENCODING 'UTF8'` : 'COLLATE utf8mb4_unicode_ci'}`,
  );
  return url.href;
}

/** Drops the database that `createDatabase` made. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  await runOnServer(url, `DROP DATABASE IF EXISTS ${url.pathname.slice(1)}${isPostgres(url) ? ' WITH (FORCE)' : ''}`);
}

/** Resolves when the server answers; `assertAlive` throws when waiting is in vain. */
export async function untilReady(url: string, assertAlive: () => void): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    assertAlive();
    try {
      return await runOnServer(new URL(url), 'SELECT 1');
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
