import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readMetadata } from '../../src/cli/published-metadata.js';

let server: Server;
afterEach(() => server.close());

/** A server with these answers; 404 elsewhere. */
async function serve(answers: Record<string, [status: number, body: string]>): Promise<string> {
  server = createServer(({ url = '' }, response) => {
    const [status, body] = answers[url] ?? [404, '{}'];
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const OPENID = '/.well-known/openid-configuration';
const OAUTH = '/.well-known/oauth-authorization-server';
const document = JSON.stringify({ issuer: 'https://op.example.com' });

test.each([OPENID, OAUTH, `/a${OPENID}`, `${OAUTH}/a`, `/a${OAUTH}`])('finds the document at %s', async (path) => {
  const url = await serve({ [path]: [200, document] });
  const issuer = path === OPENID || path === OAUTH ? url : `${url}/a`;
  expect(await readMetadata(issuer)).toEqual({ issuer: 'https://op.example.com' });
});

test.each<[title: string, answers: Record<string, [number, string]>, message: RegExp]>([
  ['no document', {}, /no controller publishes the metadata \(.*: 404; .*: 404\): set the option `metadata`/],
  [
    'a wrapped document',
    { [OAUTH]: [200, `{"data":${document},"ok":true}`] },
    /is wrapped in `data`, .*: exclude this route from the interceptor, or remove the route, and set the option `metadata`/,
  ],
  ['a guard', { [OPENID]: [401, '{}'] }, /the metadata cannot be read \(.*configuration: 401; .*: 404\): .*`metadata`/],
  ['a page', { [OPENID]: [200, '<html>'] }, /cannot be read \(.*configuration: not a JSON object/],
])('%s has its own message, with the fix', async (_title, answers, message) => {
  await expect(readMetadata(await serve(answers))).rejects.toThrow(message);
});

test('a server that does not run has its own message', async () => {
  const url = await serve({});
  server.close();
  await expect(readMetadata(url)).rejects.toThrow(/does not answer \(.*\): start the server, or check/);
});
