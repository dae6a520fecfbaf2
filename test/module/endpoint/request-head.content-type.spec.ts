import { describe, expect, test } from 'vitest';
import { databases } from '../../support/databases.js';
import { serverFixture } from '../../support/server.js';
import { asOperator, send, uidBody } from './send.js';

const { authorization } = asOperator;
const body = uidBody('bob');

const adapters = ['fastify', 'express'] as const;

describe.each(adapters)('RFC 9110 §5.6.6, §8.3.1, RFC 2045 §5: content type on %s', (adapter) => {
  const server = serverFixture({ ...databases[0]!, adapter });

  test.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json ; charset = utf-8',
    'application/json;charset="UTF-8"',
    'application/json; charset="utf-8" ',
    'application/json;',
    'application/json;;;',
    'application/json; ;charset=utf-8;',
    'application/json;\tcharset=utf-8',
    'application/json\t;\tcharset=utf-8\t',
    'application/json;odata.metadata=minimal',
    'application/json; odata.metadata=minimal; IEEE754Compatible=true; charset=utf-8',
    String.raw`application/json; charset="utf\-8"`,
    String.raw`application/json; CharSet="\U\T\F-8"`,
    'application/json; charset=utf-8; charset="UTF-8"',
    'application/json; profile="a;charset=utf-16"; charset=utf-8',
    String.raw`application/json; profile="a\"; charset=utf-16"`,
  ])('returns 204 for %s', async (type) => {
    expect((await send(server.endpoint, { headers: { authorization, 'content-type': type }, body })).status).toBe(204);
  });

  test.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; application/json',
    'text/json',
    'application/jsonp',
    'application/json5',
    'application/jsonapplication/json',
    'application/ld+json',
    'application/*',
    '*/*',
    'application/json, text/plain',
    'text/plain, application/json',
    'application/json; charset=utf-16',
    'application/json; charset=utf-16le',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf8',
    'application/json; charset="utf-8',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; charset=utf-8; x=y; charset=utf-16; charset=utf-8',
    String.raw`application/json; charset="utf\-16"`,
    'application/json; charset=""',
    'application/json; charset=',
    'application/json; charset',
    `application/json; charset='utf-8'`,
    'application/json; charset="utf-8"x',
    'application/json; charset=utf-8, text/plain',
    'application/json charset=utf-8',
    'application /json',
    'json',
    '',
  ])('returns 415 for "%s"', async (type) => {
    expect((await send(server.endpoint, { headers: { authorization, 'content-type': type }, body })).status).toBe(415);
  });

  test.each([
    ['application/json', 'text/plain'],
    ['text/plain', 'application/json'],
    ['application/json', 'application/json'],
  ])('returns 415 for two headers, %s and %s', async (...types) => {
    const headers = ['Authorization', authorization, ...types.flatMap((type) => ['Content-Type', type])];
    expect((await send(server.endpoint, { headers, body })).status).toBe(415);
  });

  test('returns 415 without the header', async () => {
    expect((await send(server.endpoint, { headers: { authorization }, body })).status).toBe(415);
  });
});
