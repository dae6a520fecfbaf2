import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databases } from '../support/databases.js';
import { startForTest, type TestServer } from '../support/server.js';

const MAX = 3;

let server: TestServer;
let open: Socket[];
beforeEach(async () => {
  server = await startForTest(databases[0]!, { limits: { maxConnections: MAX } });
  open = [];
  for (let i = 0; i < MAX; i += 1) open.push(await connection());
});
afterEach(() => {
  for (const socket of open) socket.destroy();
});

async function connection(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** What a connection brings for a request: an answer, or undefined when it is closed. */
async function answer(socket: Socket): Promise<string | undefined> {
  const received = Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [])]) as Promise<[Buffer?]>;
  socket.write('GET /favicon.ico HTTP/1.1\r\nHost: op.example.com\r\n\r\n');
  return (await received)[0]?.toString().split('\r\n')[0];
}

test('closes a connection over the limit without an answer and serves the earlier ones', async () => {
  expect(await answer(await connection())).toBeUndefined();
  for (const socket of open) expect(await answer(socket)).toBe('HTTP/1.1 204 No Content');
});

test('serves a new connection after one has ended', async () => {
  open.pop()!.destroy();
  await expect
    .poll(async () => {
      const socket = await connection();
      const line = await answer(socket);
      socket.destroy();
      return line;
    })
    .toBe('HTTP/1.1 204 No Content');
});
