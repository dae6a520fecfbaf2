import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { httpAdapter } from '../../src/reference-op/http.js';
import { loadSettings } from '../../src/reference-op/settings/settings-load.js';
import { databases } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice } from '../support/people.js';
import { serverFixture } from '../support/server.js';

const server = serverFixture(databases[0]!, { limits: { headersTimeout: 1000, requestTimeout: 2000 } });

/** Opens a connection, sends a piece of a request and nothing more. */
async function stall(piece: string): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(piece);
  return socket.resume();
}

const head = 'POST /global-token-revocation HTTP/1.1\r\nHost: op.example.com\r\nContent-Type: application/json\r\n';

test('a sender has 5 s for the header and 10 s for the request', () => {
  expect(httpAdapter(loadSettings({})).getInstance().server).toMatchObject({
    headersTimeout: 5000,
    requestTimeout: 10_000,
  });
});

test.concurrent.each([
  ['headers that never end', head],
  ['a body that never ends', `${head}Content-Length: 100\r\n\r\n{"sub_id"`],
])('500 connections with %s are cut off in time while others are served', async (_what, piece) => {
  const began = performance.now();
  const sockets = await Promise.all(Array.from({ length: 500 }, () => stall(piece)));
  const closed = Promise.all(sockets.filter(({ closed }) => !closed).map((socket) => once(socket, 'close')));
  await revokePerson(server, alice);
  await closed;
  expect((performance.now() - began) / 1000).toBeLessThan(20);
});
