import type { IncomingMessage, Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ExpressAdapter } from '@nestjs/platform-express';
import { afterEach, expect, test, vi } from 'vitest';
import { send } from './send.js';
import { basic } from '../../support/operator.js';
import { within } from '../../support/within.js';
import { adapters, type Host, operator, registerCallers, startHost } from '../host.js';

const headers = { 'content-type': 'application/json', authorization: basic(operator.id, operator.secret) };
const body = '{"sub_id":{"format":"uid","id":"ann"}}';

let host: Host;
afterEach(async () => {
  vi.restoreAllMocks();
  (host.app.getHttpServer() as Server).closeAllConnections();
  await host.app.close();
});

/** A host whose server reads bodies before Nest gets the request, as serverless platforms do. */
async function start({ keeps }: { keeps: boolean }): Promise<string> {
  const server = new ExpressAdapter();
  server.use(async (request: IncomingMessage, _response: unknown, next: () => void) => {
    const rawBody = await buffer(request);
    Object.assign(request, { body: {} }, keeps && { rawBody });
    next();
  });
  vi.spyOn(adapters, 'express').mockReturnValue(server);
  host = await startHost('express');
  await registerCallers(host);
  return `${host.url}/global-token-revocation`;
}

test('returns 503 at once and revokes nobody when a parser has consumed the body', async () => {
  const answer = await within(10_000, send(await start({ keeps: false }), { headers, body }));
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.body)).toMatchObject({ error: 'temporarily_unavailable' });
});

test('checks the bytes strictly when the parser has kept them', async () => {
  const endpoint = await start({ keeps: true });
  const status = async (text: string) => (await send(endpoint, { headers, body: text })).status;
  expect(await status(body)).toBe(204);
  expect(await status(body.replace('}}', '},"sub_id":{"format":"uid","id":"ben"}}'))).toBe(400);
  expect(await status('x'.repeat(9000))).toBe(413);
});
