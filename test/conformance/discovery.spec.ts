import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discover } from '../../src/conformance/discovery.js';

describe('metadata of an issuer', () => {
  let server: Server;
  let origin: string;
  let where: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      response.statusCode = request.url === where ? 200 : 404;
      response.end(JSON.stringify({ where: request.url }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  test.each([
    ['', '/.well-known/openid-configuration'],
    ['/', '/.well-known/openid-configuration'],
    ['', '/.well-known/oauth-authorization-server'],
    ['/tenant', '/tenant/.well-known/openid-configuration'],
    ['/tenant/', '/tenant/.well-known/openid-configuration'],
    ['/tenant', '/tenant/.well-known/oauth-authorization-server'],
    ['/tenant', '/.well-known/oauth-authorization-server/tenant'],
    ['/a/tenant/', '/.well-known/oauth-authorization-server/a/tenant'],
    ['/tenant', '/.well-known/openid-configuration/tenant'],
  ])('finds the document of an issuer with the path "%s" at %s', async (path, document) => {
    where = document;
    expect(await discover(origin + path)).toEqual({ where });
  });

  test('lists every place when it finds no document', async () => {
    where = '';
    await expect(discover(`${origin}/tenant`)).rejects.toThrow(
      `no JSON object at any of ${origin}/tenant/.well-known/openid-configuration, ` +
        `${origin}/tenant/.well-known/oauth-authorization-server, ` +
        `${origin}/.well-known/openid-configuration/tenant, ` +
        `${origin}/.well-known/oauth-authorization-server/tenant: status 404`,
    );
  });
});
