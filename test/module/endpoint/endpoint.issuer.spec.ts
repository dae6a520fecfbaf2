import { expect, test } from 'vitest';
import { databases } from '../../support/databases.js';
import { serverFixture } from '../../support/server.js';
import { challenges, asOperator, send, uidBody } from './send.js';

const server = serverFixture(databases[0]!);

const spoofed: Array<[title: string, headers: Record<string, string>]> = [
  ['Host', { Host: 'evil.example' }],
  ['X-Forwarded-*', { Host: 'a', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'gopher' }],
  ['Forwarded', { Forwarded: 'host=evil.example;proto=https' }],
];

test.each(spoofed)('uses the issuer as realm when %s is spoofed', async (_title, headers) => {
  const answer = await send(server.endpoint, { headers: { 'content-type': 'application/json', ...headers } });
  expect(answer.headers['www-authenticate']).toBe(challenges(server.url));
});

test.each(spoofed)('shows the issuer in both well-known documents when %s is spoofed', async (_title, headers) => {
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    const { body } = await send(`${server.url}/.well-known/${name}`, { method: 'GET', headers });
    expect(body).not.toMatch(/evil|gopher/);
    expect(JSON.parse(body)).toMatchObject({ issuer: server.url, global_token_revocation_endpoint: server.endpoint });
  }
});

test.each(spoofed)('finds an account of our issuer when %s is spoofed', async (_title, headers) => {
  const account = { format: 'iss_sub', iss: server.url, sub: '5a1c0a3e-0000-4000-8000-000000000b0b' };
  const body = JSON.stringify({ sub_id: account });
  expect((await send(server.endpoint, { headers: { ...asOperator, ...headers }, body })).status).toBe(204);
  const foreign = JSON.stringify({ sub_id: { ...account, iss: 'http://evil.example' } });
  expect((await send(server.endpoint, { headers: { ...asOperator, ...headers }, body: foreign })).status).toBe(404);
});

test('serves a request whose target is in absolute form', async () => {
  const { hostname, port } = new URL(server.url);
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    const options = { hostname, port, method: 'POST', path: server.endpoint, headers: asOperator, agent: false };
    const client = request(options, (response) => resolve(response.resume().statusCode));
    client.on('error', reject).end(uidBody('bob'));
  });
  expect(status).toBe(204);
});
