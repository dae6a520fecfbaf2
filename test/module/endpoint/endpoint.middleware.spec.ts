import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { databases } from '../../support/databases.js';
import { serverFixture } from '../../support/server.js';
import { asOperator, send, uidBody } from './send.js';

const server = serverFixture(databases[0]!);

const { authorization } = asOperator;
const body = uidBody('bob');

describe('draft-06 §3.1, RFC 9110 §15.5.16, RFC 8259 §8.1: content encoding', () => {
  test.each(['gzip', 'GZIP', 'x-gzip', 'deflate', 'br', 'zstd', 'compress', 'identity, gzip', 'identity identity'])(
    'returns 415 for %s',
    async (encoding) => {
      const headers = { ...asOperator, 'content-encoding': encoding };
      expect((await send(server.endpoint, { headers, body: gzipSync(body) })).status).toBe(415);
    },
  );

  test.each(['identity', 'Identity', ''])('returns 204 for "%s"', async (encoding) => {
    const headers = { ...asOperator, 'content-encoding': encoding };
    expect((await send(server.endpoint, { headers, body })).status).toBe(204);
  });

  test('returns 400 for a compressed body without content encoding', async () => {
    expect((await send(server.endpoint, { headers: asOperator, body: gzipSync(body) })).status).toBe(400);
  });
});

describe('size', () => {
  const chunked = { ...asOperator, 'transfer-encoding': 'chunked' };
  const bytes = (size: number) => Buffer.from(body.padEnd(size));

  test.each([
    [8191, 204],
    [8192, 204],
    [8193, 413],
    [100_000, 413],
    [1_000_000, 413],
  ])('%d bytes get %d, with a content length and in chunks', async (size, status) => {
    expect((await send(server.endpoint, { headers: asOperator, body: bytes(size) })).status).toBe(status);
    expect((await send(server.endpoint, { headers: chunked, body: [bytes(size)] })).status).toBe(status);
  });

  test('reads a body sent in chunks of one byte', async () => {
    const chunks = Array.from(Buffer.from(body), (byte) => Buffer.of(byte));
    expect((await send(server.endpoint, { headers: chunked, body: chunks })).status).toBe(204);
  });

  test('reads a character that is split across chunks', async () => {
    const text = Buffer.from(uidBody('é'));
    const cut = text.indexOf(0xc3) + 1;
    const chunks = [text.subarray(0, cut), text.subarray(cut)];
    expect((await send(server.endpoint, { headers: chunked, body: chunks })).status).toBe(404);
  });
});

describe('RFC 9110 §15.5.14: path', () => {
  test.each(['?', '?x=1'])('returns 204 for path%s', async (suffix) => {
    expect((await send(server.endpoint, { headers: asOperator, body, suffix })).status).toBe(204);
  });

  test.each(['/', '/?x=1', '#x', '/#x', ';x'])('never bypasses the middleware with path%s', async (suffix) => {
    expect((await send(server.endpoint, { headers: asOperator, body, suffix })).status).toBeOneOf([204, 400, 404]);
  });

  test.each(['/GLOBAL-token-Revocation', '//global-token-revocation', '/global%2Dtoken-revocation', '/x/../y'])(
    'never accepts a form at %s',
    async (path) => {
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
      expect((await send(`${server.url}/`, { headers, body, suffix: path.slice(1) })).status).toBeOneOf([404, 415]);
    },
  );
});
