import { userInfo } from 'node:os';
import { beforeAll, expect, test } from 'vitest';
import { Browser } from '../support/browser.js';
import { describeEachDatabase } from '../support/databases.js';
import { alice, bob } from '../support/people.js';
import { RelyingParty } from '../support/relying-party.js';
import { serverFixture } from '../support/server.js';
import { ctl, ctlJson, type Ended } from './ctl.js';

describeEachDatabase('ctl revoke --everybody, while a server runs', (database) => {
  const server = serverFixture(database);
  let party: RelyingParty;
  beforeAll(async () => {
    party = await RelyingParty.discover(server);
  });

  const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
  const run = (...args: string[]): Promise<Ended> => ctl(args, env());
  const ask = <T>(...args: string[]): Promise<T> => ctlJson<T>(args, env());

  test.each([
    ['without --yes and without a terminal', [], 'this signs everybody out, everywhere: add --yes'],
    ['with a user', ['--yes', '--format', 'uid', '--id', 'alice'], 'omit the options that name users'],
    ['with a list', ['--yes', '--from', 'users.txt'], 'omit the options that name users'],
    ['with a realm', ['--yes', '--realm', 'kitchen'], 'omit --realm and --dry-run'],
    ['with --dry-run', ['--yes', '--dry-run'], 'omit --realm and --dry-run'],
  ])('%s, it exits with 2 and revokes nobody', async (_how, more, message) => {
    expect(await run('revoke', '--everybody', ...more)).toMatchObject({
      code: 2,
      err: expect.stringContaining(message) as string,
    });
    expect(await ask('revocations', 'list')).toEqual([]);
  });

  test('ends all sessions and tokens, everybody can sign in again, and the record names the realm', async () => {
    const before = await Promise.all([alice, bob].map((person) => party.signIn(new Browser(server.url), person)));
    const revoked = await ask<{ id: string }>('revoke', '--everybody', '--yes', '--reason', 'signing key stolen');
    expect(revoked).toEqual({ revoked: true, id: expect.any(String) as string, realm: 'everybody' });
    for (const { access_token } of before) expect(await party.introspect(access_token)).toEqual({ active: false });
    const { access_token } = await party.signIn(new Browser(server.url), alice);
    expect(await party.introspect(access_token)).toMatchObject({ active: true });

    const { id } = revoked;
    const record = { id, actor: `cli:${userInfo().username}`, method: 'cli', subject: '', realm: 'everybody' };
    expect(await ask('revocations', 'list')).toMatchObject([{ ...record, reason: 'signing key stolen' }]);
    expect((await run('revocations', 'list')).out).toMatch(/Z  everybody  cli:/);
    expect((await run('revocations', 'show', id)).out).toMatch(/^realm +everybody$/m);
  });

  test('without --json, it says what has ended', async () => {
    const { code, out } = await run('revoke', '--everybody', '--yes');
    expect([code, out]).toEqual([0, expect.stringMatching(/^Revoked everybody: .*\nRecord [0-9a-f-]{36}$/)]);
  });
});
