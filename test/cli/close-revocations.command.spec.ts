import { beforeAll, expect, test } from 'vitest';
import { Revocation } from '../../src/module/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { revokePerson } from '../support/operator.js';
import { alice } from '../support/people.js';
import { serverFixture } from '../support/server.js';
import { ctl, type Ended } from './ctl.js';

describeEachDatabase('ctl revocations close', (database) => {
  const server = serverFixture(database);
  beforeAll(async () => {
    await revokePerson(server, alice);
    const waiting = { targetBounds: '{"old_session":"7","old_token":null}', targetsLeft: 2 };
    await server.dataSource.manager.update(Revocation, { subject: alice.id }, waiting);
  });

  const close = (...args: string[]): Promise<Ended> =>
    ctl(['revocations', 'close', ...args], { DATABASE_URL: server.databaseUrl, ISSUER: server.url });

  test('asks for --yes, completes what waits for the table, and leaves a record', async () => {
    expect((await close('old_session')).code).toBe(2);
    expect(JSON.parse((await close('old_session', '--yes', '--json')).out)).toEqual({
      table: 'old_session',
      records: 1,
    });
    expect((await close('old_token', '--yes')).out).toContain('Closed 0 revocations that waited for old_token.');
    const record = await server.dataSource.manager.findOneByOrFail(Revocation, { subject: alice.id });
    expect(record).toMatchObject({ targetBounds: '{"old_session":null,"old_token":null}', targetsLeft: 1 });
    const { out } = await ctl(['changes', 'list', '--json'], { DATABASE_URL: server.databaseUrl, ISSUER: server.url });
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ action: 'revocations.close', target: 'old_session', after: 'closed 1 revocation' }),
    );
  });
});
