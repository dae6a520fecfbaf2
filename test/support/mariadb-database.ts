import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';

/** Creates an empty database with a name of its own and returns its url. */
export async function createDatabase(baseUrl: string): Promise<string> {
  const url = new URL(baseUrl);
  url.pathname = `/gtr_${randomBytes(6).toString('hex')}`;
  await execute(baseUrl, `CREATE DATABASE ${url.pathname.slice(1)} COLLATE utf8mb4_unicode_ci`);
  return url.href;
}

/** Drops the database that `createDatabase` made. */
export async function dropDatabase(databaseUrl: string): Promise<void> {
  await execute(databaseUrl, `DROP DATABASE IF EXISTS ${new URL(databaseUrl).pathname.slice(1)}`);
}

/** Resolves when the server answers; `assertAlive` throws when waiting is in vain. */
export async function untilReady(url: string, assertAlive: () => void): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    assertAlive();
    try {
      return await execute(url, 'SELECT 1');
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** One statement outside any database, so that it may create or drop one. */
async function execute(url: string, sql: string): Promise<void> {
  const { hostname, port, username, password } = new URL(url);
  const connection = await createConnection({
    host: hostname,
    port: Number(port || 3306),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
