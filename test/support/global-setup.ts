import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { isMariaDbInstalled, startMariaDb, type MariaDb } from './mariadb.js';
import { scratch, type Where } from './scratch.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Base url of the MariaDB server of this run; empty when there is none. */
    mariaDbUrl: string;
    /** A directory that goes away with the run. */
    tempDir: string;
  }
}

/** A directory and one MariaDB for the whole run: that of `TEST_DATABASE_URL`, else a private one, else none (and it says so). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const where: Where = project.name === 'bench' ? 'disk' : 'memory';
  const tempDir = await scratch('gtr-test-', where);
  project.provide('tempDir', tempDir);
  // Once, before the workers start: tests that run `npm start` would build at the same time. A mutant may not compile.
  if (project.name !== 'quick' && process.env.TEST_BUILD !== 'off')
    await promisify(execFile)('npm', ['run', '--silent', 'build']);
  const server = await choose(project.name, where);
  project.provide('mariaDbUrl', server.url ?? '');
  if (server.missing !== undefined) shout(server.missing);
  return async () => {
    await server.stop?.();
    await rm(tempDir, { recursive: true, force: true });
    if (server.missing !== undefined) shout(server.missing);
  };
}

async function choose(suite: string, where: Where): Promise<Partial<MariaDb> & { missing?: string }> {
  if (suite === 'quick') return {};
  if (process.env.TEST_DATABASES === 'sqlite') return { missing: 'TEST_DATABASES=sqlite is set' };
  if (process.env.TEST_DATABASE_URL) return { url: process.env.TEST_DATABASE_URL };
  if (isMariaDbInstalled()) return startMariaDb(where);
  return { missing: 'mariadbd is not installed and TEST_DATABASE_URL is not set' };
}

function shout(why: string): void {
  const bar = '!'.repeat(100);
  process.stderr.write(`\n${bar}\n!! MariaDB tests are SKIPPED: ${why}. Only SQLite is tested.\n${bar}\n\n`);
}
