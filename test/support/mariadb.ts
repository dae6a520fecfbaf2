import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';
import { untilReady } from './mariadb-database.js';
import { scratch, type Where } from './scratch.js';

export interface MariaDb {
  /** `mariadb://user:password@127.0.0.1:port`, without a database. */
  url: string;
  /** The `mariadbd` process itself, for tests that stop or kill it. */
  pid: number;
  /** Ends the server and removes everything it wrote. */
  stop: () => Promise<void>;
}

/** Whether this machine has the server binary. */
export function isMariaDbInstalled(): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, 'mariadbd')));
}

/** Starts a private, disposable server, with options for `mariadbd`; it ends with this process, however that ends. */
export async function startMariaDb(where: Where = 'memory', options: readonly string[] = []): Promise<MariaDb> {
  const dir = await scratch('gtr-mariadb-', where);
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  await writeFile(
    join(dir, 'init.sql'),
    `CREATE USER IF NOT EXISTS 'test'@'%' IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO 'test'@'%' WITH GRANT OPTION;\n`,
  );
  const script = fileURLToPath(new URL('mariadb.sh', import.meta.url));
  const keeper = spawn('sh', [script, dir, String(port), ...options], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(keeper, 'close');
  const stop = async (): Promise<void> => {
    keeper.stdin.end();
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  const url = `mariadb://test:${password}@127.0.0.1:${port}`;
  try {
    const [line] = await Promise.race([once(keeper.stdout, 'data'), ended]);
    const pid = Number(line instanceof Buffer ? line.toString() : NaN);
    await untilReady(url, () => process.kill(pid, 0));
    return { url, pid, stop };
  } catch (error) {
    const logs = ['install.log', 'server.log'].map((name) => readFile(join(dir, name), 'utf8').catch(() => ''));
    const text = (await Promise.all(logs)).join('\n');
    await stop();
    throw new Error(`mariadbd did not start: ${String(error)}\n${text}`, { cause: error });
  }
}
