import type { Server } from 'node:http';
import { Server as TcpServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { Connections } from './connections.js';
import { Draining } from './health/draining.js';

/** Maximum time from the signal until all connections are closed, in milliseconds. */
const DEADLINE_MS = 9000;
/** Maximum time from the signal until the process ends, in milliseconds. What it has not finished by then is as safe as after a crash. */
const END_MS = 9800;
/** How long open connections may still send a request, in milliseconds; the answer closes the connection. */
const GRACE_MS = 1000;

/** Ends the process on SIGTERM and SIGINT; see {@link gracefulShutdown}. */
export function shutDownOnSignals(app: INestApplication, noticeMs: number): void {
  const shutDown = gracefulShutdown(app, noticeMs);
  const stop = (): void => void shutDown().finally(() => process.exit());
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/**
 * Returns a function that stops the server: it reports not ready, accepts no more connections, answers accepted requests,
 * closes idle connections, and after the deadline all others, and limits how long it waits for the application. Nest's own shutdown waits for
 * idle connections or resets busy ones. Call it before `listen()`.
 *
 * @param noticeMs how long it reports not ready but still serves, in milliseconds
 */
export function gracefulShutdown(app: INestApplication, noticeMs = 0): () => Promise<void> {
  const server = app.getHttpServer() as Server;
  const connections = new Connections(server);
  return async () => {
    const [late, end] = [DEADLINE_MS, END_MS].map((ms) => sleep(ms, undefined, { ref: false }));
    app.get(Draining).begin();
    if (noticeMs > 0) await sleep(noticeMs);
    server.prependListener('request', (_request, response) => response.setHeader('Connection', 'close'));
    const drained = new Promise<void>((resolve) => {
      TcpServer.prototype.close.call(server, () => resolve()); // http.Server's own close() ends idle connections at once
    });
    await Promise.race([drained, sleep(GRACE_MS)]);
    const idle = setInterval(() => connections.closeIdle(), 50);
    await Promise.race([drained, late]);
    clearInterval(idle);
    server.closeAllConnections();
    await Promise.race([app.close(), end]);
  };
}
