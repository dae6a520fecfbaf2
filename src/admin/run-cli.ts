import { Cli, PUBLISHED_NAME } from './cli.js';
import { execute } from './execute.js';
import type { HostModules } from './host-app.js';

/** Exit code of a command that was interrupted half way. */
const INTERRUPTED = 130;
const PATIENCE_MS = 1000;

/** How {@link runCli} presents itself. */
export interface CliOptions {
  /**
   * How the command line is called, for its help and the fixes in its messages.
   *
   * @default 'global-revocation'
   */
  name?: string;
}

/**
 * Runs the command that the arguments of the process name, and ends the process with its exit code: see
 * {@link EXIT_CODES}.
 *
 * @param modules modules with the `DataSource` and the `GlobalRevocationModule`, or what loads them
 */
export async function runCli(
  modules: HostModules | (() => HostModules | Promise<HostModules>),
  { name = PUBLISHED_NAME }: CliOptions = {},
): Promise<never> {
  process.stdout.on('error', () => process.exit()); // whoever read our output has seen enough
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Not `once`: where nobody listens any more, what Ink brings ends the process before the screen is given back.
    process.on(signal, () => {
      stop.abort();
      setTimeout(() => process.exit(INTERRUPTED), PATIENCE_MS).unref(); // a command that does not wait for it
    });
  }
  const args = process.argv.slice(2);
  const out = args.includes('--json') ? ownOutput() : (text: string): unknown => process.stdout.write(text);
  const err = (text: string): unknown => process.stderr.write(text);
  const load = typeof modules === 'function' ? modules : () => modules;
  process.exit(await execute(args, new Cli(name, out, err, stop.signal), load));
}

/**
 * Standard output for the answer alone: what the application prints there goes to standard error.
 *
 * @returns writes to standard output
 */
function ownOutput(): (text: string) => unknown {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return (text) => write(text);
}
