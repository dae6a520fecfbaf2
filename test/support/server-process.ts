import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { demoClients, demoPeople } from '../../src/reference-op/demo-data.js';

/** What runs the built server, by HTTP adapter. */
const MAIN = {
  fastify: `${process.cwd()}/src/reference-op/dist/main.js`,
  express: `${process.cwd()}/test/support/express-server.mjs`,
};
type Adapter = keyof typeof MAIN;

/** What a server may say once, in its start message outside production, and never in its log. */
const SECRETS = [...demoPeople.map(({ password }) => password), ...demoClients.map(({ secret }) => secret)].filter(
  (secret) => secret !== undefined && secret !== null,
);
const START_MESSAGE = /^Ready: [^]*?^ {4}-d '.*$/m;

/** The built server as a process of its own. */
export interface ServerProcess {
  pid: number;
  /** Milliseconds from the start of the process until it printed that it is ready. */
  readyAfter: number;
  /** How much of that it was running, in milliseconds: the rest it waited, also for a busy machine. */
  busyFor: number;
  /** What it has printed so far, errors included. */
  output: () => string;
  /** What it has printed to standard output. */
  stdout: () => string;
  /** Ends it in the middle of whatever it does, and waits. */
  kill: () => Promise<void>;
  /** Asks it to end and waits. @returns milliseconds that took. @throws Error when its log shows a demo password or secret */
  stop: () => Promise<number>;
}

/** Compiles what `npm start` would run, unless this run has begun with it. */
export async function build(): Promise<void> {
  if (!inject('isBuilt')) await promisify(execFile)('npm', ['run', '--silent', 'build']);
}

function run(cwd: string, settings: Record<string, string>, main: string) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(NODE_ENV|DATABASE_URL|ISSUER|PORT|GTR_|VITEST|npm_)/.test(name),
  );
  const child = spawn(process.execPath, [main], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...settings },
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(child, 'close').finally(() => process.off('exit', kill));
  return { child, closed, output: () => output, stdout: () => stdout };
}

/** User and system time so far. @throws Error where there is no /proc */
async function cpuTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
  return (user! + system!) * 10;
}

/**
 * Starts it and waits until it says that it is ready.
 *
 * @param main an adapter, or the path of another copy of the built server
 */
export async function startProcess(
  cwd: string,
  settings: Record<string, string>,
  main: string = 'fastify',
): Promise<ServerProcess> {
  const from = Date.now();
  const { child, closed, output, stdout } = run(cwd, settings, main in MAIN ? MAIN[main as Adapter] : main);
  while (!output().includes('Ready:')) {
    if (child.exitCode !== null || Date.now() - from > 60_000) {
      child.kill('SIGKILL');
      throw new Error(`the server did not start:\n${output()}`);
    }
    await sleep(5);
  }
  const readyAfter = Date.now() - from;
  const busyFor = await cpuTime(child.pid!).catch(() => readyAfter);
  const stop = async (): Promise<number> => {
    const asked = Date.now();
    child.kill('SIGTERM');
    await Promise.race([closed, sleep(15_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
    await closed;
    const took = Date.now() - asked;
    const log = output().replace(START_MESSAGE, '');
    const shown = SECRETS.filter((secret) => log.includes(secret));
    if (shown.length > 0) throw new Error(`the log shows ${shown.join(', ')}`);
    return took;
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  return { pid: child.pid!, readyAfter, busyFor, output, stdout, kill, stop };
}

/** Starts it where it must refuse. @returns exit code, and the lines it printed but for the library's word on Node 20 */
export async function failingStart(
  cwd: string,
  settings: Record<string, string>,
  adapter: Adapter = 'fastify',
): Promise<{ code: number | null; lines: string[] }> {
  const { child, closed, output } = run(cwd, settings, MAIN[adapter]);
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await closed;
  clearTimeout(late);
  const lines = output().split('\n');
  return { code: child.exitCode, lines: lines.filter((line) => line !== '' && !line.includes('Unsupported runtime')) };
}
