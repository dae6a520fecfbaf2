import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { databases } from '../support/databases.js';
import { serverFixture, type TestServer } from '../support/server.js';

const express = serverFixture({ ...databases[0]!, adapter: 'express' });
const fastify = serverFixture({ ...databases[0]!, adapter: 'fastify' });

/** The bytes that come back, but for the date. */
async function exchange({ url }: TestServer, head: string, body: Uint8Array): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  socket.on('error', () => {});
  socket.write(`${head}\r\nHost: op.example.com\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.write(body);
  await once(socket, 'close');
  return answer.replace(/^Date: .*\r\n/im, '');
}

const path = '/global-token-revocation';
const json = 'Content-Type: application/json';
const none = Buffer.from('{}');

test.each([
  ['method GET', `GET ${path} HTTP/1.1\r\n${json}`, none, 405],
  ['method PUT', `PUT ${path} HTTP/1.1\r\n${json}`, none, 405],
  ['method OPTIONS', `OPTIONS ${path} HTTP/1.1`, Buffer.alloc(0), 405],
  ['no type', `POST ${path} HTTP/1.1`, none, 415],
  ['form', `POST ${path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded`, none, 415],
  ['multipart', `POST ${path} HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x`, none, 415],
  ['utf-16', `POST ${path} HTTP/1.1\r\n${json}; charset=utf-16`, none, 415],
  ['gzip', `POST ${path} HTTP/1.1\r\n${json}\r\nContent-Encoding: gzip`, gzipSync(none), 415],
  ['size', `POST ${path} HTTP/1.1\r\n${json}`, Buffer.alloc(8193, 32), 413],
])('Express and Fastify send the same bytes for a wrong request: %s', async (_what, head, body, status) => {
  const [one, other] = await Promise.all([exchange(express, head, body), exchange(fastify, head, body)]);
  expect(one).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(other).toBe(one);
});
