import { beforeEach, expect, test } from 'vitest';
import { describeEachServer } from '../../support/databases.js';
import type { LogLine } from '../../support/log-capture.js';
import { demoOperator } from '../../support/people.js';
import { serverFixture } from '../../support/server.js';
import { asOperator, type Call, send, uidBody } from '../endpoint/send.js';
import { withoutTable } from '../endpoint/sql-log.js';

describeEachServer('log of the endpoint', (database) => {
  const server = serverFixture(database);
  let from: number;
  beforeEach(() => void (from = server.log.lines.length));

  const personal = /alice|5a1c0a3e|kitchen|rabbit/;
  const lines = (): LogLine[] => server.log.lines.slice(from);
  const text = (): string => JSON.stringify(lines());

  /** The one line that a request leaves. */
  async function lineOf(call: Call): Promise<LogLine> {
    await send(server.endpoint, call);
    await expect.poll(() => lines().length).toBe(1);
    return lines()[0]!;
  }

  test('a revocation is logged as one line with caller, method, record, duration and trace', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { ...asOperator, 'x-request-id': 'req-7', traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const line = await lineOf({ headers, body: uidBody('alice') });
    const [record] = await server.dataSource.query<Array<Record<'id' | 'identifier_hash' | 'key_id', string>>>(
      `SELECT id, identifier_hash, key_id FROM gtr_revocation`,
    );
    expect(line).toEqual({
      '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      'ecs.version': '8.10.0',
      'event.dataset': 'global-revocation-op',
      'service.name': 'global-revocation-op',
      'log.level': 'info',
      message: 'POST /global-token-revocation 204',
      'event.action': 'revocation-request',
      'event.kind': 'event',
      'event.category': ['iam'],
      'event.outcome': 'success',
      'event.id': record!.id,
      'event.duration': expect.toSatisfy((ns: number) => ns > 1e5 && ns < 60e9) as number,
      'http.request.id': 'req-7',
      'http.request.method': 'POST',
      'http.response.status_code': 204,
      'http.route': '/global-token-revocation',
      'source.ip': expect.stringContaining('127.0.0.1') as string,
      'trace.id': trace,
      'user.id': 'demo-operator',
      'user.target.hash': record!.identifier_hash,
      'gtr.method': 'client_secret_basic',
      'gtr.key_id': record!.key_id,
      'gtr.format': 'uid',
    });
  });

  test.each<[string, number | undefined, string, Call]>([
    ['wrong method', 405, 'methodNotAllowed', { method: 'GET' }],
    ['no credential', 401, 'credentialsMissing', { headers: { 'content-type': 'application/json' } }],
    ['unknown user', 404, 'unknownSubject', { headers: asOperator, body: uidBody('rabbit') }],
    ['malformed', 400, 'malformedJson', { headers: asOperator, body: '{"rabbit' }],
    [
      'invalid identifier',
      400,
      'unsupportedFormat',
      { headers: asOperator, body: '{"sub_id":{"format":"rabbit","id":"alice"}}' },
    ],
    [
      'query',
      400,
      'severalCredentials',
      { headers: asOperator, suffix: '?access_token=rabbit', body: uidBody('alice') },
    ],
  ])('%s is logged as one warning with its reason and nothing that was sent', async (_title, status, reason, call) => {
    const line = await lineOf(call);
    expect(line).toMatchObject({
      'log.level': 'warn',
      'event.action': 'revocation-request',
      'event.outcome': 'failure',
      'event.reason': reason,
      'http.response.status_code': status,
    });
    expect(text()).not.toMatch(personal);
  });

  test('a rejection after authentication is logged with the caller', async () => {
    const line = await lineOf({ headers: asOperator, body: uidBody('rabbit') });
    expect(line).toMatchObject({
      'user.id': 'demo-operator',
      'gtr.format': 'uid',
      'user.target.hash': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(line).not.toHaveProperty('event.id');
  });

  test.each(['op_user', 'gtr_client', 'gtr_revocation', 'gtr_subject_epoch'])(
    'a failure of table %s is logged with its cause, without user or secret',
    async (table) => {
      const line = await withoutTable(server.dataSource, table, () =>
        lineOf({ headers: asOperator, body: uidBody('alice') }),
      );

      expect(line).toMatchObject({ 'log.level': 'error', 'event.reason': 'unavailable' });
      expect(line['error.message']).toContain(table);
      expect(line['error.stack_trace']).toContain('.ts:');
      expect(text()).not.toMatch(personal);
      expect(text()).not.toContain(demoOperator.secret);
      expect(text()).not.toContain(asOperator.authorization.slice(6, 30));
    },
  );
});
