import type { INestApplication, LoggerService } from '@nestjs/common';
import { afterEach, expect, test } from 'vitest';
import { type AuditEvent, AuditEvents, RevocationService } from '../../../src/module/index.js';
import { HostUser, startHost } from '../host.js';
import { send } from '../endpoint/send.js';

let app: INestApplication | undefined;
afterEach(() => app?.close());

/** A host's own logger. */
class HostLog implements LoggerService {
  readonly lines: Array<[level: string, message: unknown, name: unknown]> = [];
  log = (message: unknown, ...rest: unknown[]): void => void this.lines.push(['log', message, rest.at(-1)]);
  warn = (message: unknown, ...rest: unknown[]): void => void this.lines.push(['warn', message, rest.at(-1)]);
  error = (message: unknown, ...rest: unknown[]): void => void this.lines.push(['error', message, rest.at(-1)]);

  get ours() {
    return this.lines.filter(([, , name]) => name === 'GlobalRevocation');
  }
}

async function host(more: { logEvents?: boolean } = {}) {
  const users = { entity: HostUser, subject: 'id', attributes: { uid: 'login' } } as const;
  const started = await startHost('express', { options: { issuer: 'http://127.0.0.1', users, ...more } });
  app = started.app;
  const log = new HostLog();
  app.useLogger(log);
  const events: AuditEvent[] = [];
  const unsubscribe = app.get(AuditEvents).subscribe((event) => events.push(event));
  return { ...started, log, events, unsubscribe, endpoint: `${started.url}/global-token-revocation` };
}

test('a revocation in process logs one object and emits one event, without naming the user', async () => {
  const { app, log, events } = await host();
  const id = await app.get(RevocationService).revoke('u-secret', { actor: 'account-settings', reason: 'of alice' });
  expect(events).toMatchObject([{ 'event.action': 'user-revoked', 'event.id': id, 'user.id': 'account-settings' }]);
  expect(log.ours).toEqual([['log', events[0], 'GlobalRevocation']]);
  expect(JSON.stringify(events)).not.toMatch(/u-secret|alice/);
});

test('a rejected request causes one warning and one event with the reason', async () => {
  const { log, events, endpoint } = await host();
  await send(endpoint, { method: 'GET' });
  await expect.poll(() => events.length).toBe(1);
  expect(events).toMatchObject([{ 'event.reason': 'methodNotAllowed', 'http.response.status_code': 405 }]);
  expect(log.ours).toEqual([['warn', events[0], 'GlobalRevocation']]);
});

test('with logEvents off, only subscribers receive events', async () => {
  const { log, events, endpoint } = await host({ logEvents: false });
  await send(endpoint, { method: 'GET' });
  await expect.poll(() => events.length).toBe(1);
  expect(log.ours).toEqual([]);
});

test('an error in a subscriber is logged and disturbs neither the revocation nor other subscribers', async () => {
  const { app, log, events, unsubscribe } = await host({ logEvents: false });
  app.get(AuditEvents).subscribe(() => {
    throw new Error('full');
  });
  await app.get(RevocationService).revoke('u1', { actor: 'test' });
  expect(events).toHaveLength(1);
  expect(log.ours).toMatchObject([['error', expect.stringContaining('full') as string, 'GlobalRevocation']]);

  unsubscribe();
  await app.get(RevocationService).revoke('u1', { actor: 'test' });
  expect(events).toHaveLength(1);
});
