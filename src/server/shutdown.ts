import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';

/** Longest time a shutdown takes, in milliseconds. */
const DEADLINE_MS = 9000;

/**
 * Ends the process on SIGTERM and SIGINT: takes no more connections, answers what was accepted, closes idle connections,
 * and after the deadline whatever is left. Nest's own hooks would wait for an idle connection or reset a busy one.
 */
export function shutDownOnSignals(app: INestApplication): void {
  const once = (signal: NodeJS.Signals) => {
    process.once(signal, () => {
      process.exitCode = 0;
      void shutDown(app);
    });
  };
  once('SIGTERM');
  once('SIGINT');
}

/** {@link shutDownOnSignals} without the signal. */
export async function shutDown(app: INestApplication, deadlineMs = DEADLINE_MS): Promise<void> {
  const server = app.getHttpServer() as Server;
  const late = sleep(deadlineMs, undefined, { ref: false }).then(() => server.closeAllConnections());
  server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
  await Promise.race([drain(server), late]);
  await app.close();
  process.exit();
}

/** Resolves when every connection has ended; idle ones are closed as they become idle. */
async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearInterval(idle);
}
