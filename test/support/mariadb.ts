import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatabaseServer, startServerOf } from './database-server.js';
import { freePort } from './free-port.js';
import { scratch, type Where } from './scratch.js';

/** Starts a private, disposable server, with options for `mariadbd`; it ends with this process, however that ends. */
export async function startMariaDb(where: Where = 'memory', options: readonly string[] = []): Promise<DatabaseServer> {
  const dir = await scratch('gtr-mariadb-', where);
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  await writeFile(
    join(dir, 'init.sql'),
    `CREATE USER IF NOT EXISTS 'test'@'%' IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO 'test'@'%' WITH GRANT OPTION;\n`,
  );
  const url = `mariadb://test:${password}@127.0.0.1:${port}`;
  return startServerOf('mariadb.sh', [dir, String(port), ...options], dir, url);
}
