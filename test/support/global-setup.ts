import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import type { DatabaseServer } from './database-server.js';
import { startMariaDb } from './mariadb.js';
import { startPostgres } from './postgres.js';
import { scratch, type Where } from './scratch.js';
import { missingTools, pathOf } from './tools.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Base url of the MariaDB server of this run; empty when there is none. */
    mariaDbUrl: string;
    /** The same of the PostgreSQL server. */
    postgresUrl: string;
    /** A directory that goes away with the run. */
    tempDir: string;
    /** Whether this run has built the packages. */
    isBuilt: boolean;
  }
}

/**
 * A directory and the database servers of the whole run: a private PostgreSQL, and the MariaDB of `TEST_DATABASE_URL`, else a
 * private one, else none; at the end, a line for each tool that is not installed.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const where: Where = project.name === 'bench' ? 'disk' : 'memory';
  const tempDir = await scratch('gtr-test-', where);
  project.provide('tempDir', tempDir);
  // Once, before the workers start: tests that run `npm start` would build at the same time. A mutant may not compile.
  const isBuilt = project.name !== 'quick' && process.env.TEST_BUILD !== 'off';
  if (isBuilt) await promisify(execFile)('npm', ['run', '--silent', 'build']);
  project.provide('isBuilt', isBuilt);
  const only = project.name === 'quick' ? 'sqlite' : process.env.TEST_DATABASES;
  const mariaDb = await mariaDbOf(only, where);
  const postgres = await postgresOf(only, where);
  project.provide('mariaDbUrl', mariaDb.url ?? '');
  project.provide('postgresUrl', postgres.url ?? '');
  return async () => {
    await Promise.all([mariaDb.stop?.(), postgres.stop?.()]);
    await rm(tempDir, { recursive: true, force: true });
    if (project.name === 'suite')
      process.stderr.write(
        missingTools()
          .map((line) => `${line}\n`)
          .join(''),
      );
  };
}

async function mariaDbOf(only: string | undefined, where: Where): Promise<Partial<DatabaseServer>> {
  if (only !== undefined && only !== 'mariadb') return {};
  if (process.env.TEST_DATABASE_URL) return { url: process.env.TEST_DATABASE_URL };
  return pathOf('mariadbd') ? startMariaDb(where) : {};
}

async function postgresOf(only: string | undefined, where: Where): Promise<Partial<DatabaseServer>> {
  if (only !== undefined && only !== 'postgres') return {};
  if (process.env.TEST_POSTGRES_URL) return { url: process.env.TEST_POSTGRES_URL };
  return startPostgres(where);
}
