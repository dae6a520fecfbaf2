import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AuditEvent, AuditEvents } from '../../../src/module/index.js';
import { basic } from '../../support/operator.js';
import { type AdapterName, type Host, type HostOptions, operator, registerCallers, startHost } from '../host.js';
import { send } from './send.js';

const good = { 'content-type': 'application/json', authorization: basic(operator.id, operator.secret) };
const wrong = { ...good, authorization: basic(operator.id, 'x') };
const body = '{"sub_id":{"format":"uid","id":"ann"}}';
const PATH = '/global-token-revocation';

/** Cuts a prefix off, as middleware in front of an application does. */
const cutting: HostOptions['configure'] = (app) =>
  app.use((request: { url: string }, _response: unknown, next: () => void) => {
    request.url = request.url.replace(/^\/cut(?=\/)/, '');
    next();
  });

/** Options of Fastify's router; before 5.5 they are options of Fastify. */
const router = (options: object): object => ({ ...options, routerOptions: options });

/** Ways to the handler that we read otherwise than the router. */
const ways: Array<[title: string, adapter: AdapterName, path: string, host: HostOptions, fastify?: object]> = [
  ['ignoreDuplicateSlashes', 'fastify', `/${PATH}`, {}, router({ ignoreDuplicateSlashes: true })],
  [
    'ignoreDuplicateSlashes, at the end',
    'fastify',
    `${PATH}//`,
    {},
    router({ ignoreDuplicateSlashes: true, ignoreTrailingSlash: true }),
  ],
  ['useSemicolonDelimiter', 'fastify', `${PATH};a=b`, {}, router({ useSemicolonDelimiter: true })],
  ['rewriteUrl', 'fastify', `/cut${PATH}`, {}, { rewriteUrl: ({ url }: { url: string }) => url.replace('/cut/', '/') }],
  ['middleware that cuts a prefix off', 'express', `/cut${PATH}`, { configure: cutting }],
];

const keep = (request: { rawBody?: Buffer }, _response: unknown, bytes: Buffer): void => {
  request.rawBody = bytes;
};

describe('RFC 9112 §3.2: requests that reach the handler another way', () => {
  let host: Host;
  afterEach(async () => {
    vi.restoreAllMocks();
    await host?.app.close();
  });

  async function start(adapter: AdapterName, options: HostOptions, fastify: object | undefined): Promise<AuditEvent[]> {
    const create = NestFactory.create.bind(NestFactory) as (...args: unknown[]) => Promise<INestApplication>;
    if (fastify) {
      const other = (module: unknown, _adapter: unknown, more: unknown) =>
        create(module, new FastifyAdapter(fastify), more);
      vi.spyOn(NestFactory, 'create').mockImplementation(other as never);
    }
    host = await startHost(adapter, options);
    await registerCallers(host);
    const events: AuditEvent[] = [];
    host.app.get(AuditEvents).subscribe((event) => void events.push(event));
    return events;
  }
  const reasons = (events: AuditEvent[]) =>
    events.filter((event) => event['event.action'] === 'revocation-request').map((event) => event['event.reason']);

  test.each(ways)(
    '%s on %s is served, and each refusal has one event',
    async (_title, adapter, path, options, fastify) => {
      const events = await start(adapter, options, fastify);
      const status = async (call: object) => (await send(host.url + path, { body, headers: good, ...call })).status;
      expect(await status({})).toBe(204);
      expect(await status({ headers: wrong })).toBe(401);
      expect(await status({ body: '{"sub_id":' })).toBe(400);
      expect(await status({ headers: { ...good, 'content-type': 'application/json;x=y' } })).toBe(204);
      await vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(6));
      expect(reasons(events)).toEqual([undefined, 'invalidClient', 'malformedJson', undefined]);
    },
  );

  test("a request behind middleware that cuts a prefix is served, with an event, by the host's own parsers", async () => {
    const configure: HostOptions['configure'] = (app) => {
      cutting(app);
      app.useBodyParser('json', { verify: keep } as never);
    };
    const events = await start('express', { create: { bodyParser: false }, configure }, undefined);
    const status = async (headers: typeof good) => (await send(`${host.url}/cut${PATH}`, { body, headers })).status;
    expect([await status(good), await status(wrong)]).toEqual([204, 401]);
    await vi.waitFor(() => expect(reasons(events)).toEqual([undefined, 'invalidClient']));
  });

  test.each(['express', 'fastify'] as const)(
    'a fragment on %s gets 400 before credentials are checked, with an event',
    async (adapter) => {
      const events = await start(adapter, {}, undefined);
      for (const target of [`${PATH}#x`, `${PATH}#`, `${PATH}?a#b`, `${PATH}/#`]) {
        for (const headers of [wrong, good]) {
          const { status, body: text } = await send(host.url, { body, headers, target });
          expect([target, status, JSON.parse(text)]).toEqual([
            target,
            400,
            { error: 'invalid_request', error_description: 'the address must not contain #' },
          ]);
        }
      }
      await vi.waitFor(() => expect(reasons(events)).toEqual(Array(8).fill('requestTarget')));
    },
  );
});
