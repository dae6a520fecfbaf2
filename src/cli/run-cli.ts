import { fstatSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { asker } from './ask.js';
import { Cli, PUBLISHED_NAME } from './cli.js';
import { execute } from './execute.js';
import { EXIT_CODES } from './exit-codes.js';
import type { HostModules, LoadHostModules } from './host-app.js';

const PATIENCE_MS = 1000;

/** Options of {@link runCli}. @publicApi */
export interface CliOptions {
  /**
   * Name of the command line, for its help and the fixes in its messages.
   *
   * @default 'global-revocation'
   */
  name?: string;
}

/**
 * Runs the command that the arguments of the process name, and ends the process with its exit code: see
 * {@link EXIT_CODES}.
 *
 * @param modules modules with the `DataSource` and the `GlobalRevocationModule`, or a function that loads them
 * @publicApi
 */
export async function runCli(
  modules: HostModules | LoadHostModules,
  { name = PUBLISHED_NAME }: CliOptions = {},
): Promise<never> {
  process.stdout.on('error', endUnheard);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Not `once`: without a listener, a dependency of Ink would end the process before the screen is restored.
    process.on(signal, () => {
      stop.abort();
      setTimeout(() => process.exit(EXIT_CODES.interrupted), PATIENCE_MS).unref(); // a command that ignores the signal
    });
  }
  const args = process.argv.slice(2);
  const out = args.includes('--json') ? ownOutput() : (text: string): unknown => process.stdout.write(text);
  const err = (text: string): unknown => process.stderr.write(text);
  const load = typeof modules === 'function' ? modules : () => modules;
  const { columns } = process.stdout;
  const audience = { isUnheard: isThrownAway(), isWatched: process.stderr.isTTY, columns, ask: asker() };
  const cli = new Cli(name, out, err, stop.signal, audience);
  const code = await execute(args, cli, load);
  await nextTurn(); // by then, a failed write has been reported
  process.exit(code);
}

/**
 * Reserves standard output for the answer; other output of the application goes to standard error.
 *
 * @returns a function that writes to standard output
 */
function ownOutput(): (text: string) => unknown {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return (text) => write(text);
}

/** Returns whether standard output is /dev/null, which Node also opens if standard output is closed. */
function isThrownAway(): boolean {
  try {
    return fstatSync(process.stdout.fd).rdev === statSync('/dev/null').rdev;
  } catch {
    return false; // no such device
  }
}

/** Ends the process if its answer cannot be written; not a failure if the reader closed the pipe. */
function endUnheard(error: NodeJS.ErrnoException): never {
  if (error.code === 'EPIPE') process.exit(EXIT_CODES.done);
  process.stderr.write(`error: the answer could not be written (${error.message}), but the command was carried out\n`);
  process.exit(EXIT_CODES.failed);
}
