import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Notifications } from '../../../src/module/index.js';
import { NotificationPost } from '../../../src/module/notifications/notification-post.js';
import { resolveOptions } from '../../../src/module/options/global-revocation.options.js';
import { authority, type Certificate } from '../../support/certificates.js';
import { freePort } from '../../support/free-port.js';
import { shorten } from '../../support/shorten.js';
import { within } from '../../support/within.js';
import { type Answer, KeyServer } from '../caller/key-server.js';

const poster = (notifications: Notifications, production = false) =>
  new NotificationPost(resolveOptions({ issuer: 'https://op.example.com', notifications, production }));
const content = { type: 'application/secevent+jwt', body: 'a.b.c' };

describe('notifications over HTTP: RFC 9110 §10.2.3, §15.5.9', () => {
  let ca: Certificate;
  let receiver: KeyServer;
  const got: Array<Pick<IncomingMessage, 'method' | 'headers'> & { body: string }> = [];

  /** Reads the request, then answers. */
  const answering =
    (status: number, headers: Record<string, string> = {}, body = ''): Answer =>
    async (request, response) => {
      got.push({ method: request.method, headers: request.headers, body: await text(request) });
      response.writeHead(status, headers).end(body);
    };

  beforeAll(async () => {
    ca = await authority();
  });
  beforeEach(async () => {
    got.length = 0;
    receiver = await KeyServer.start(answering(204), '127.0.0.1', ca);
  });
  afterEach(() => receiver.stop());

  /** As configured by somebody whose receiver is on this machine on purpose. */
  const trusting = (production = false) =>
    poster({ allowedHosts: ['localhost', '127.0.0.1'], ca: [ca.certificate] }, production);
  const send = (post = trusting(), url = receiver.url()): Promise<void> =>
    post.send(url, content, AbortSignal.timeout(60_000), { authorization: 'Bearer x' });

  test.each([200, 202, 204])('sends the content; the status %i is a success', async (status) => {
    receiver.answer = answering(status);
    await send();
    const headers = { 'content-type': content.type, authorization: 'Bearer x' };
    expect(got).toEqual([{ method: 'POST', headers: expect.objectContaining(headers), body: content.body }]);
  });

  test.each([301, 302, 303, 307, 308])('does not follow a redirect (%i)', async (status) => {
    receiver.answer = answering(status, { location: receiver.url() });
    await expect(send()).rejects.toMatchObject({ isFinal: true, message: `the answer is ${status}` });
    expect(receiver.requests).toBe(1);
  });

  test.each([400, 401, 403, 404, 410, 422])('the status %i is final', async (status) => {
    receiver.answer = answering(status);
    await expect(send()).rejects.toMatchObject({ isFinal: true, message: `the answer is ${status}` });
  });

  test.each([408, 429, 500, 502, 503])('the status %i is repeated', async (status) => {
    receiver.answer = answering(status);
    await expect(send()).rejects.toMatchObject({ isFinal: false, retryAfterMs: 0 });
  });

  test('Retry-After is seconds or a date', async () => {
    receiver.answer = answering(429, { 'retry-after': '120' });
    await expect(send()).rejects.toMatchObject({ isFinal: false, retryAfterMs: 120_000 });
    receiver.answer = answering(503, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() });
    const error = await send().catch((caught: unknown) => caught as { retryAfterMs: number });
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(3_000_000);
    receiver.answer = answering(503, { 'retry-after': 'soon' });
    await expect(send()).rejects.toMatchObject({ retryAfterMs: 0 });
  });

  test('opens no connection to an address that is not public', async () => {
    const post = poster({ ca: [ca.certificate] });
    for (const host of ['localhost', '127.0.0.1', '[::ffff:127.0.0.1]'])
      await expect(send(post, receiver.url(host))).rejects.toMatchObject({
        isFinal: true,
        message: 'the address is not public',
      });
    expect(receiver.handshakes).toBe(0);
  });

  test('sends nothing to a server with an untrusted certificate', async () => {
    const post = poster({ allowedHosts: ['localhost'] });
    await expect(send(post)).rejects.toMatchObject({ isFinal: true });
    expect(receiver.requests).toBe(0);
  });

  test('a server that refuses connections is tried again', async () => {
    await expect(send(trusting(), `https://localhost:${await freePort()}/`)).rejects.toMatchObject({ isFinal: false });
  });

  test('the TLS error about a server without TLS fits on one line', async () => {
    const plain = createServer().listen(0, 'localhost');
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    const error = (await send(trusting(), `https://localhost:${port}/`).catch((caught: unknown) => caught)) as Error;
    plain.close();
    expect(error).toMatchObject({ isFinal: true, message: expect.stringMatching(/EPROTO.*[^\n]$/) as string });
    expect(error.message).not.toContain('\n');
  });

  test('a server that hangs up is tried again', async () => {
    receiver.answer = (request) => void request.socket.destroy();
    await expect(send()).rejects.toMatchObject({ isFinal: false });
  });

  test('gives up after 5 s, and tries again', async () => {
    const shortened = shorten(5000, 300);
    receiver.answer = () => {};
    await expect(within(30_000, send())).rejects.toMatchObject({ isFinal: false, name: 'DeliveryError' });
    expect(shortened()).toBe(1);
  });

  test('stops when it is aborted', async () => {
    receiver.answer = () => {};
    const stopped = trusting().send(receiver.url(), content, AbortSignal.timeout(100));
    await expect(within(4000, stopped)).rejects.toMatchObject({ isFinal: false, name: 'DeliveryError' });
  });

  test('reads at most 64 kB of an answer', async () => {
    receiver.answer = answering(200, {}, 'x'.repeat(65_537));
    await expect(send()).rejects.toMatchObject({ isFinal: true, message: 'the answer is larger than 65536 bytes' });
  });

  test.each(['ftp://localhost/', 'https://user:password@localhost/', 'no url'])('rejects %s', async (url) => {
    await expect(send(trusting(), url)).rejects.toMatchObject({ isFinal: true });
  });

  describe('a receiver without TLS', () => {
    let plain: Server;
    const url = (host = '127.0.0.1') => `http://${host}:${(plain.address() as AddressInfo).port}/`;
    let requests = 0;

    beforeAll(async () => {
      plain = createServer((_request, response) => {
        requests += 1;
        response.end();
      });
      await once(plain.listen(0, '127.0.0.1'), 'listening');
    });
    afterAll(() => plain.close());
    beforeEach(() => (requests = 0));

    test('gets notifications if it is an allowed loopback address', async () => {
      await send(trusting(), url());
      expect(requests).toBe(1);
    });

    test('sends nothing over http in production', async () => {
      await expect(send(trusting(true), url())).rejects.toMatchObject({ isFinal: true });
      expect(requests).toBe(0);
    });

    test('gets nothing if it is not allowed', async () => {
      await expect(send(poster({}), url())).rejects.toMatchObject({ isFinal: true });
      expect(requests).toBe(0);
    });
  });
});
