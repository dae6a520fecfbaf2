import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty database. */
export interface OwnDatabase {
  /** URL in the form that the OP's data source accepts. */
  url: string;
  drop(): Promise<void>;
}

/**
 * Creates a database.
 *
 * @param where `sqlite`, or the URL of a server, `postgres://…`, `mariadb://…` or `mysql://…`
 * @throws Error for anything else, or if it cannot be created
 */
export async function makeDatabase(where: string): Promise<OwnDatabase> {
  if (where === 'sqlite') return makeFile();
  if (/^(postgres|mariadb|mysql):\/\//.test(where) && URL.canParse(where)) return makeSchema(new URL(where));
  throw new Error(
    `database must be 'sqlite', postgres://USER:PASSWORD@HOST:PORT, mariadb://USER:PASSWORD@HOST:PORT or mysql://…, not '${where}'`,
  );
}

async function makeFile(): Promise<OwnDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'authorization-server-'));
  return { url: `sqlite:${join(folder, 'op.sqlite')}`, drop: () => rm(folder, { recursive: true, force: true }) };
}

async function makeSchema(server: URL): Promise<OwnDatabase> {
  const name = `op_test_${randomBytes(8).toString('hex')}`;
  const [encoding, force] = isPostgres(server) ? [`ENCODING 'UTF8'`, ' WITH (FORCE)'] : ['CHARACTER SET utf8mb4', ''];
  await runOnServer(server, `CREATE DATABASE ${name} ${encoding}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOnServer(server, `DROP DATABASE IF EXISTS ${name}${force}`) };
}

const isPostgres = ({ protocol }: URL): boolean => protocol === 'postgres:';

/** Runs a statement without connecting to the database that it creates or drops. */
export async function runOnServer(server: URL, sql: string): Promise<void> {
  const { hostname, port, username, password } = server;
  const options = {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
  const connection = isPostgres(server) ? await postgres(options, port) : await mysql(options, port);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}

interface Options {
  host: string;
  user: string;
  password: string;
}

interface Connection {
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

async function mysql(options: Options, port: string): Promise<Connection> {
  const { createConnection } = await import('mysql2/promise');
  return createConnection({ ...options, port: Number(port || 3306) });
}

async function postgres(options: Options, port: string): Promise<Connection> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ ...options, port: Number(port || 5432), database: 'postgres' });
  await client.connect();
  return client;
}
