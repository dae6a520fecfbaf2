import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty database. */
export interface OwnDatabase {
  /** In the form that the OP's data source accepts. */
  url: string;
  drop(): Promise<void>;
}

/**
 * Creates a database.
 *
 * @param where `sqlite`, or the URL of a server, `mariadb://…` or `mysql://…`
 * @throws Error for anything else, or if it cannot be created
 */
export async function makeDatabase(where: string): Promise<OwnDatabase> {
  if (where === 'sqlite') return makeFile();
  if (/^(mariadb|mysql):\/\//.test(where) && URL.canParse(where)) return makeSchema(new URL(where));
  throw new Error(`database must be 'sqlite', mariadb://USER:PASSWORD@HOST:PORT or mysql://…, not '${where}'`);
}

async function makeFile(): Promise<OwnDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'authorization-server-'));
  return { url: `sqlite:${join(folder, 'op.sqlite')}`, drop: () => rm(folder, { recursive: true, force: true }) };
}

async function makeSchema(server: URL): Promise<OwnDatabase> {
  const name = `op_test_${randomBytes(8).toString('hex')}`;
  await runOnServer(server, `CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOnServer(server, `DROP DATABASE IF EXISTS ${name}`) };
}

/** Runs a statement without a selected database, so that it can create or drop one. */
export async function runOnServer({ hostname, port, username, password }: URL, sql: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
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
