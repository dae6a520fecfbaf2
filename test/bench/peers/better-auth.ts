import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { mkdtemp } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createPool } from 'mysql2/promise';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { dataSourceOptions } from '../../../src/reference-op/op/data-source.js';
import type { OpenPeer } from './peer.js';
import { insertRows } from './replaced.js';

const VERSION = '1.7.25';

interface BetterAuth {
  betterAuth: (options: object) => { options: object };
  getMigrations: (options: object) => Promise<{ runMigrations: () => Promise<void> }>;
  toNodeHandler: (auth: object) => RequestListener;
}

let installed: Promise<BetterAuth> | undefined;

/** Only this command needs it, so it is not a dependency. */
async function install(): Promise<BetterAuth> {
  const folder = await mkdtemp(join(inject('tempDir'), 'better-auth-'));
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', `better-auth@${VERSION}`];
  await promisify(execFile)('npm', args);
  const load = (path: string): Promise<object> =>
    import(pathToFileURL(join(folder, 'node_modules/better-auth/dist', path)).href) as Promise<object>;
  return Object.assign(
    {},
    ...(await Promise.all(['index.mjs', 'db/get-migration.mjs', 'integrations/node.mjs'].map(load))),
  ) as BetterAuth;
}

/** Better Auth's `POST /revoke-sessions`, which a signed-in user calls. Its sessions are rows; it has no tokens without further plugins. */
export const betterAuthSessions: OpenPeer = async (database) => {
  const { betterAuth, getMigrations, toNodeHandler } = await (installed ??= install());
  const { url: databaseUrl, drop } = await database.create();
  const isPostgres = database.name === 'postgres';
  const pool = isPostgres
    ? new Pool({ connectionString: databaseUrl })
    : createPool(databaseUrl.replace('mariadb:', 'mysql:'));
  const dataSource = await new DataSource(dataSourceOptions(databaseUrl)).initialize();
  let handler: RequestListener = () => {};
  const server: Server = createServer((request, response) => handler(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const auth = betterAuth({
    database: pool,
    baseURL: origin,
    secret: randomUUID() + randomUUID(),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  });
  await (await getMigrations(auth.options)).runMigrations();
  handler = toNodeHandler(auth);

  const call = async (path: string, body: object, cookie = ''): Promise<Response> => {
    const headers = { 'content-type': 'application/json', origin, cookie };
    const response = await fetch(`${origin}/api/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const person = { email: 'owner@example.com', password: 'owner-of-everything', name: 'Owner' };
  const cookieOf = (response: Response): string =>
    response.headers
      .getSetCookie()
      .map((each) => each.split(';')[0]!)
      .join('; ');
  const { user } = (await (await call('/sign-up/email', person)).json()) as { user: { id: string } };
  let cookie = '';

  const quote = (name: string): string => (isPostgres ? `"${name}"` : `\`${name}\``);
  const columns = ['id', 'expiresAt', 'token', 'createdAt', 'updatedAt', 'userId'].map(quote).join(', ');
  return {
    credentials: 'sessions',
    async fill(count) {
      cookie = cookieOf(await call('/sign-in/email', person));
      const [now, later] = [new Date(), new Date(Date.now() + 7 * 86_400_000)];
      const rows = Array.from({ length: count - 1 }, () => [randomUUID(), later, randomUUID(), now, now, user.id]);
      await insertRows(dataSource, `${quote('session')} (${columns})`, rows);
    },
    async end() {
      await call('/revoke-sessions', {}, cookie);
    },
    async survivors() {
      const [row] = (await dataSource.query(`SELECT COUNT(*) AS number FROM ${quote('session')}`)) as [
        { number: number | string },
      ];
      return Number(row.number);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await pool.end();
      await dataSource.destroy();
      await drop();
    },
  };
};
