import { type ChildProcess, execFile, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chown } from 'node:fs/promises';
import { promisify } from 'node:util';

const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;

/** Who runs the servers: PostgreSQL does not run as root, and rsync between members of Galera writes nothing as root. */
export const unprivileged: Pick<SpawnOptions, 'uid' | 'gid'> = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Lets the servers write a folder. */
export const give = async (path: string): Promise<void> => {
  if (isRoot) await chown(path, NOBODY, NOBODY);
};

/** Runs a program to its end. @throws Error with what it printed */
export const run = promisify(execFile);

/** Starts a server that ends when this process ends, however that ends. */
export function startDaemon(
  command: string,
  args: readonly string[],
  log: string,
  options: SpawnOptions = {},
): ChildProcess {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log, { flags: 'a' });
  for (const stream of [child.stdout!, child.stderr!]) stream.pipe(file, { end: false });
  return child;
}

/** Kills a process and waits for its end. */
export async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'exit');
  child.kill(signal);
  child.kill('SIGCONT');
  await closed;
}
