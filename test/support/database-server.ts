import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { untilReady } from './server-database.js';

export interface DatabaseServer {
  /** `mariadb://` or `postgres://` with `user:password@127.0.0.1:port`, without a database. */
  url: string;
  /** The server process itself, for tests that stop or kill it. */
  pid: number;
  /** Ends the server and removes everything it wrote. */
  stop: () => Promise<void>;
}

/**
 * Starts a server with a script of this folder, which prints the id of the process and ends it with its standard input.
 *
 * @param dir what goes away with it; has the logs `install.log` and `server.log`
 */
export async function startServerOf(
  script: string,
  args: readonly string[],
  dir: string,
  url: string,
  options: SpawnOptions = {},
): Promise<DatabaseServer> {
  // Another user may not be able to read the folder of the repository.
  const file = join(dir, script);
  await copyFile(fileURLToPath(new URL(script, import.meta.url)), file);
  const keeper = spawn('sh', [file, ...args], {
    ...options,
    cwd: dir,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(keeper, 'close');
  const stop = async (): Promise<void> => {
    keeper.stdin!.end();
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const [line] = await Promise.race([once(keeper.stdout!, 'data'), ended]);
    const pid = Number(line instanceof Buffer ? line.toString() : NaN);
    await untilReady(url, () => process.kill(pid, 0));
    return { url, pid, stop };
  } catch (error) {
    const logs = ['install.log', 'server.log'].map((name) => readFile(join(dir, name), 'utf8').catch(() => ''));
    const text = (await Promise.all(logs)).join('\n');
    await stop();
    throw new Error(`the database server did not start: ${String(error)}\n${text}`, { cause: error });
  }
}
