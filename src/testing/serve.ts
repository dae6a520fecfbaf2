import { actorsOf } from './actors.js';
import type { AuthorizationServerOptions, SignInOptions, StartedServer } from './options.js';
import { makeDatabase, type OwnDatabase } from './own-database.js';
import type { RunningServer } from './running-server.js';

/** A call from the parent process. */
interface Call {
  id: number;
  method: string;
  args: unknown[];
}

/** Time limit of the cleanup, in milliseconds. */
const CLEAR_UP_MS = 5000;

let database: Promise<OwnDatabase> | undefined;
let starting: Promise<RunningServer> | undefined;
let server: RunningServer | undefined;

async function start(options: AuthorizationServerOptions): Promise<StartedServer> {
  const actors = actorsOf(options);
  database = makeDatabase(options.database ?? 'sqlite');
  const { url } = await database;
  // After options and database are checked, because this import takes time.
  const { RunningServer } = await import('./running-server.js');
  starting = RunningServer.start(actors, url, options);
  server = await starting;
  return server.started;
}

const methods: Record<string, (...args: never[]) => unknown> = {
  start,
  signIn: (uid: string | null | undefined, options: SignInOptions) => server!.signIn(uid, options),
  revoke: (user: string | Record<string, unknown>) => server!.revoke(user),
  reset: () => server!.reset(),
};

/** Does nothing if the parent process has ended. */
const reply = (answer: Record<string, unknown>): void => {
  if (process.connected) process.send!(answer);
};

async function answer({ id, method, args }: Call): Promise<void> {
  try {
    const result = await methods[method]!(...(args as never[]));
    reply({ id, result });
  } catch (error) {
    reply({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

/** Cleans up after the parent process has disconnected or ended. */
async function end(): Promise<void> {
  setTimeout(() => process.exit(1), CLEAR_UP_MS).unref();
  await starting?.then(
    (running) => running.stop(),
    () => {},
  );
  await database?.then((own) => own.drop());
  process.exit();
}

process.on('message', (call: Call) => void answer(call));
process.once('disconnect', () => void end().catch(() => process.exit(1)));
// Ctrl-C in a terminal reaches both processes; this one must clean up after the parent.
process.on('SIGINT', () => {});
