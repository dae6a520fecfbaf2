import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { IdentifierHash } from '../../../src/module/audit/identifier-hash.js';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { parseSubjectIdentifier } from '../../../src/module/subject/subject-identifier.js';
import { UserDirectory } from '../../../src/module/subject/user-directory.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revoke } from '../../support/operator.js';
import { alice } from '../../support/people.js';
import { startForTest, serverFixture } from '../../support/server.js';

const byMail = { format: 'email', email: alice.email };

describeEachDatabase('the record of a revocation', (database) => {
  const server = serverFixture(database);

  async function recordOf(subId: object, headers: Record<string, string> = {}): Promise<Revocation> {
    const records = server.dataSource.getRepository(Revocation);
    await records.clear();
    expect((await revoke(server, subId, headers)).status).toBe(204);
    return (await records.find())[0]!;
  }

  test('records caller, method, source, X-Request-Id and user of a request', async () => {
    const record = await recordOf(byMail, { 'x-request-id': 'from-the-siem.42' });
    expect(record).toMatchObject({
      actor: 'demo-operator',
      method: 'client_secret_basic',
      format: 'email',
      matched: 1,
      subject: alice.id,
      sourceIp: '127.0.0.1',
      requestId: 'from-the-siem.42',
      reason: '',
    });
    expect(record.epochAfter).toBeGreaterThan(record.epochBefore);
  });

  test('uses the trace ID of traceparent as request ID, or a new ID without one', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traced = await recordOf(byMail, { traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(traced.requestId).toBe(trace);
    expect((await recordOf(byMail)).requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('stores a keyed hash of the identifier, independent of spelling, and no plain text', async () => {
    const record = await recordOf({ format: 'email', email: alice.email.toUpperCase() });
    const expected = server.app.get(IdentifierHash).of(parseSubjectIdentifier(byMail, server.app.get(UserDirectory)));
    expect(record.identifierHash).toBe(expected);
    expect(record.identifierHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(record).toLowerCase()).not.toContain(alice.email.toLowerCase());
  });

  test('hashes an identifier differently on a server with another storage key', async () => {
    const dataDir = await mkdtemp(join(inject('tempDir'), 'other-keys-'));
    const other = await startForTest(database, { databaseUrl: server.databaseUrl, dataDir });
    const here = await recordOf(byMail);
    await revoke(other, byMail);
    const records = await server.dataSource.getRepository(Revocation).find();
    expect(records).toHaveLength(2);
    expect(new Set(records.map(({ identifierHash }) => identifierHash)).size).toBe(2);
    expect(records.map(({ identifierHash }) => identifierHash)).toContain(here.identifierHash);
  });
});
