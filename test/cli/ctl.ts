import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { Cli } from '../../src/cli/cli.js';
import { execute } from '../../src/cli/execute.js';
import { ctlModules } from '../../src/reference-op/ctl-modules.js';
import { developmentKeys } from '../../src/reference-op/settings/settings-development-keys.js';

type Settings = Record<string, string>;

/** Where the keys of all servers of this run are: generating some takes longer than any command. */
const GTR_DATA_DIR = join(inject('tempDir'), 'keys');
await developmentKeys(GTR_DATA_DIR);

/** How a command ended. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs the command line of the reference server in this process: what it says, and its exit code. */
export async function ctl(
  args: readonly string[],
  settings: Settings,
  stop: AbortSignal = new AbortController().signal,
): Promise<Ended> {
  const said = { out: '', err: '' };
  const say = (where: keyof typeof said) => (text: string) => void (said[where] += text);
  const cli = new Cli('ctl', say('out'), say('err'), stop);
  const env = { GTR_DATA_DIR, ...settings };
  const code = await execute(args, cli, (mayCreate) => ctlModules(env, mayCreate));
  return { code, out: said.out.trim(), err: said.err.trim() };
}

/** {@link ctl} of a command that must succeed. @returns what it says with `--json` */
export async function ctlJson<T>(args: readonly string[], settings: Settings): Promise<T> {
  const { code, out, err } = await ctl([...args, '--json'], settings);
  if (code !== 0 || err !== '') throw new Error(`exit code ${code}: ${err}`);
  return JSON.parse(out) as T;
}

/** The command line as a process of its own. */
export interface CtlProcess {
  out: () => string;
  err: () => string;
  /** Waits until this is so. @throws Error when the process ends first, or after half a minute */
  until: (isSo: (out: string, err: string) => boolean) => Promise<void>;
  /** Presses Ctrl-C. */
  interrupt: () => void;
  /** Ends it at once, without a word. */
  kill: () => Promise<void>;
  /** Exit code; of a process that does not end, an error. */
  ended: (patienceMs?: number) => Promise<Ended>;
}

/** Starts what `npm run ctl` runs, in a directory of its own. It must have been built. */
export async function startCtl(args: readonly string[], settings: Settings, input = ''): Promise<CtlProcess> {
  const child = spawn(process.execPath, [join(process.cwd(), 'src/reference-op/dist/ctl.js'), ...args], {
    cwd: await mkdtemp(join(inject('tempDir'), 'ctl-')),
    env: { PATH: process.env.PATH, GTR_DATA_DIR, ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const closed = once(child, 'close');
  return {
    out: () => out,
    err: () => err,
    async until(isSo) {
      for (const late = Date.now() + 30_000; !isSo(out, err); await sleep(20)) {
        if (Date.now() > late || child.exitCode !== null) throw new Error(`in vain:\n${out}${err}`);
      }
    },
    interrupt: () => void child.kill('SIGINT'),
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
    async ended(patienceMs = 30_000) {
      const late = sleep(patienceMs, undefined, { ref: false }).then(() => child.kill('SIGKILL'));
      await Promise.race([closed, late]);
      await closed;
      if (child.exitCode === null) throw new Error(`ended by ${child.signalCode}:\n${out}${err}`);
      return { code: child.exitCode, out: out.trim(), err: err.trim() };
    },
  };
}

/** Runs it to its end. */
export const runCtl = async (args: readonly string[], settings: Settings): Promise<Ended> =>
  (await startCtl(args, settings)).ended();
