import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';

export interface StartedServer {
  url: string;
  /** What it has printed so far. */
  output: () => string;
  /** Ends it as a terminal would, waits, and returns the exit code. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/**
 * Runs `npm start` on a free port, as a newcomer does, and waits until it serves. The environment holds no `GTR_*` but these.
 *
 * @param path that it must answer
 */
export async function npmStart(
  settings: Record<string, string>,
  cwd = process.cwd(),
  path = '/.well-known/openid-configuration',
): Promise<StartedServer> {
  const port = String(await freePort());
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NODE_ENV|DATABASE_URL|ISSUER|GTR_|VITEST|npm_)/.test(name),
  );
  const child = spawn('npm', ['start'], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), PORT: port, ...settings },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(child, 'close');
  const signalAll = (signal: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, signal);
  };
  const killAll = (): void => signalAll('SIGKILL');
  process.once('exit', killAll);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    signalAll(signal);
    await Promise.race([closed, sleep(15_000, undefined, { ref: false }).then(killAll)]);
    await closed;
    process.off('exit', killAll);
    return child.exitCode;
  };
  const url = `http://localhost:${port}`;
  for (const deadline = Date.now() + 240_000; !(await serves(url + path)); await sleep(100)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop('SIGKILL');
    throw new Error(`npm start did not serve:\n${output}`);
  }
  return { url, output: () => output, stop };
}

async function serves(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  return response !== undefined && response.status < 500;
}
