import type { Server } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { Connections } from './connections.js';
import { Draining } from './health/draining.js';

/** Longest time from the signal until no connection is open, in milliseconds. */
const DEADLINE_MS = 9000;
/** For so long an open connection may still bring a request, in milliseconds; it is told to close with the answer. */
const GRACE_MS = 1000;

/** Ends the process on SIGTERM and SIGINT; see {@link gracefulShutdown}. */
export function shutDownOnSignals(app: INestApplication, noticeMs: number): void {
  const shutDown = gracefulShutdown(app, noticeMs);
  const stop = (): void => void shutDown().finally(() => process.exit());
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/**
 * Makes a function that stops the server: is not ready any more, takes no more connections, answers what was accepted,
 * closes connections that have nothing to answer, and after the deadline whatever is left. Nest's own way waits for idle
 * connections or resets busy ones. Call it before `listen()`.
 *
 * @param noticeMs for how long it says that it is not ready, and still serves, in milliseconds
 */
export function gracefulShutdown(app: INestApplication, noticeMs = 0): () => Promise<void> {
  const server = app.getHttpServer() as Server;
  const connections = new Connections(server);
  return async () => {
    const late = sleep(DEADLINE_MS, undefined, { ref: false });
    app.get(Draining).begin();
    if (noticeMs > 0) await sleep(noticeMs);
    server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
    const drained = new Promise<void>((resolve) => {
      TcpServer.prototype.close.call(server, () => resolve()); // http.Server's own closes idle connections at once
    });
    await Promise.race([drained, sleep(GRACE_MS)]);
    const idle = setInterval(() => connections.closeIdle(), 50);
    await Promise.race([drained, late]);
    clearInterval(idle);
    server.closeAllConnections();
    await app.close();
  };
}
