import { beforeAll, expect, test } from 'vitest';
import { realmKey } from '../../src/module/revocation/realm.js';
import { Browser } from '../support/browser.js';
import { describeEachDatabase } from '../support/databases.js';
import { alice, bob } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';
import { ctl, ctlJson, type Ended } from './ctl.js';

describeEachDatabase('ctl revoke --realm, while a server runs', (database) => {
  const server = serverFixture(database);
  let party: RelyingParty;
  beforeAll(async () => {
    party = await RelyingParty.discover(server);
  });

  const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
  const run = (...args: string[]): Promise<Ended> => ctl(args, env());
  const ask = <T>(...args: string[]): Promise<T> => ctlJson<T>(args, env());
  const signIn = (person: typeof alice) => party.signIn(new Browser(server.url), person);

  test('ends the sessions and tokens of a department, and not those of others', async () => {
    const [ofAlice, ofBob] = [await signIn(alice), await signIn(bob)];
    expect((await run('revoke', '--realm', 'kitchen', '--dry-run')).out).toBe(
      'Would revoke 1 user of the realm kitchen. Nothing was changed.',
    );
    const revoked = await ask<{ id: string }>('revoke', '--realm', 'kitchen', '--yes', '--reason', 'stolen');
    expect(revoked).toEqual({ revoked: true, id: expect.any(String) as string, realm: 'kitchen', users: 1 });
    expect(await party.introspect(ofBob.access_token)).toEqual({ active: false });
    expect(await party.introspect(ofAlice.access_token)).toMatchObject({ active: true });
    expect(await party.introspect((await signIn(bob)).access_token)).toMatchObject({ active: true });

    expect(await ask('revocations', 'list')).toMatchObject([{ id: revoked.id, subject: '', realm: 'kitchen' }]);
    expect((await run('revocations', 'show', revoked.id)).out).toMatch(/^realm +kitchen$/m);
    const { code, out } = await run('revoke', '--realm', 'kitchen', '--yes');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^Revoked 1 user of the realm kitchen: .*\nRecord [0-9a-f-]{36}$/),
    ]);
  });

  test('counts at most 100,000 users, so that a large realm does not take long', async () => {
    const digits = `(${Array.from({ length: 11 }, (_, digit) => `SELECT ${digit} AS n`).join(' UNION ALL ')})`;
    const key = 'CAST(a.n + 11 * b.n + 121 * c.n + 1331 * d.n + 14641 * e.n AS CHAR(64))';
    await server.dataSource.query(`INSERT INTO gtr_subject_epoch (subject_hash, epoch, previous, realm_hash)
      SELECT ${key}, 1, 0, '${realmKey('crowd')}' FROM ${['a', 'b', 'c', 'd', 'e'].map((name) => `${digits} ${name}`).join(', ')}`);
    const { out } = await run('revoke', '--realm', 'crowd', '--dry-run');
    expect(out).toBe('Would revoke at least 100000 users of the realm crowd. Nothing was changed.');
  });

  test.each([
    [
      'without --yes and without a terminal',
      ['kitchen'],
      2,
      'this signs 1 user of the realm kitchen out, everywhere: add --yes',
    ],
    ['with a user', ['kitchen', '--yes', '--format', 'uid', '--id', 'alice'], 2, 'omit the options that name users'],
    ['with an invalid name', ['', '--yes'], 2, 'the name of a realm must be text of 1 to 255 characters'],
    ['of which nobody is known', ['Kitchen', '--yes'], 3, "no user is known to belong to the realm 'Kitchen'"],
  ])('%s, it revokes nobody', async (_how, more, code, message) => {
    const before = await ask<unknown[]>('revocations', 'list');
    expect(await run('revoke', '--realm', ...more)).toMatchObject({
      code,
      err: expect.stringContaining(message) as string,
    });
    expect(await ask('revocations', 'list')).toEqual(before);
  });
});
