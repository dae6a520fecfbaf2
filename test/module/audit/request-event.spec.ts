import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/module/audit/audit-event.js';
import { requestEvent } from '../../../src/module/audit/request-event.js';
import { RequestContext } from '../../../src/module/audit/request-context.js';
import type { Caller } from '../../../src/module/caller/caller.js';
import { RevocationError } from '../../../src/module/revocation.errors.js';

/** The event of one request to a server in which these steps are taken. */
async function eventOf(
  steps: (context: RequestContext) => void,
  answer: (response: ServerResponse) => void = (response) => void response.writeHead(401).end(),
): Promise<AuditEvent> {
  const server = createServer((request: IncomingMessage, response) => {
    steps(RequestContext.of(request));
    response.once('close', () => server.emit('event', requestEvent(response)));
    answer(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const event = once(server, 'event');
  await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch(() => {});
  const [emitted] = (await event) as [AuditEvent];
  server.close();
  return emitted;
}

const nothing = (): void => {};
const signer: Caller = { id: 'siem', method: 'private_key_jwt', scopes: new Set() };
const assertion = { issuer: 'siem', jti: 'id-1', expiresAt: 0, bodyHash: '' };

test('a rejected assertion is logged with reason, details and jti', async () => {
  const refusal = new RevocationError('assertionExpired', { jti: 'id-1', details: 'exp was 5 s ago' });
  expect(await eventOf((context) => context.refused(refusal))).toMatchObject({
    'event.outcome': 'failure',
    'event.reason': 'assertionExpired',
    'error.message': 'exp was 5 s ago',
    'gtr.assertion.jti': 'id-1',
  });
});

test('a long jti with line breaks is logged as one printable word', async () => {
  const refusal = new RevocationError('assertionExpired', { jti: `a\n"b\u2028 ${'x'.repeat(300)}` });
  const { 'gtr.assertion.jti': jti } = await eventOf((context) => context.refused(refusal));
  expect(jti).toBe(`a?"b??${'x'.repeat(249)}`);
});

test('an accepted caller is logged with method, key and assertion', async () => {
  const caller = { ...signer, keyId: 'k1', assertion: { ...assertion, jti: 'id-2' } };
  const event = await eventOf((context) => {
    context.authenticated(caller);
    context.refused(new RevocationError('unknownSubject'));
  });
  expect(event).toMatchObject({
    'user.id': 'siem',
    'gtr.method': 'private_key_jwt',
    'gtr.key_id': 'k1',
    'gtr.assertion.jti': 'id-2',
  });
});

test('control characters are removed from the logged name of a key', async () => {
  const caller = { ...signer, keyId: 'k\u001b[2J\u009b\u202e1' };
  expect(await eventOf((context) => context.authenticated(caller))).toMatchObject({ 'gtr.key_id': 'k?[2J??1' });
});

test('a database error is logged with its stack and without values', async () => {
  const cause = new Error(`Duplicate entry 'alice@example.com' for key 'x'`);
  const event = await eventOf((context) => context.refused(new RevocationError('unavailable', { cause })));
  expect(event['error.message']).toBe(`Duplicate entry '…' for key 'x'`);
  expect(event['error.stack_trace']).toContain('request-event.spec.ts');
  expect(JSON.stringify(event)).not.toContain('alice');
});

test('a refusal whose cause is not our error is logged without a stack', async () => {
  const refusal = new RevocationError('invalidToken', { cause: new Error('not a JWT') });
  expect(await eventOf((context) => context.refused(refusal))).not.toHaveProperty(['error.stack_trace']);
});

test('a revocation is logged as success with the ID of its record', async () => {
  const event = await eventOf(
    (context) => context.revoked('r-1'),
    (response) => void response.writeHead(204).end(),
  );
  expect(event).toMatchObject({ 'event.outcome': 'success', 'event.id': 'r-1', 'http.response.status_code': 204 });
  expect(event).not.toHaveProperty(['event.reason']);
});

test("an answer by the host itself is logged with reason 'other'", async () => {
  expect(await eventOf(nothing)).toMatchObject({
    'event.outcome': 'failure',
    'event.reason': 'other',
    'error.message': expect.stringContaining('`controllerDecorators`') as unknown,
  });
});

test('a connection closed before the answer is logged as aborted with unknown outcome', async () => {
  const event = await eventOf(nothing, (response) => void response.destroy());
  expect(event).toMatchObject({ 'event.outcome': 'unknown', 'event.reason': 'aborted' });
  expect(event).not.toHaveProperty(['http.response.status_code']);
});
