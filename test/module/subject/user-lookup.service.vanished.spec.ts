import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GlobalRevocationOptions, SubjectEpochs, UserLookupService } from '../../../src/module/index.js';
import { OpUser } from '../../../src/reference-op/op/op-user.entity.js';
import { ctl } from '../../cli/ctl.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revoke } from '../../support/operator.js';
import { alice } from '../../support/people.js';
import { oauthError, RelyingParty } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';
import { type Host, HostUser, startHost } from '../host.js';
import type { UserIdentifier } from '../../../src/module/index.js';

describeEachDatabase('a user whose row was deleted', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;
  let row: OpUser;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    row = await server.dataSource.getRepository(OpUser).findOneByOrFail({ id: alice.id });
  });
  afterEach(() => server.dataSource.getRepository(OpUser).save(row));

  test.each([
    ['opaque', () => ({ format: 'opaque', id: alice.id })],
    ['iss_sub', () => ({ format: 'iss_sub', iss: server.url, sub: alice.id })],
  ])('RFC 9493 §3.2: is revoked by %s, and stays so when created again', async (_format, subId) => {
    const users = server.dataSource.getRepository(OpUser);
    const old = await app.signIn(new Browser(server.url), alice);
    await users.delete({ id: alice.id });
    expect((await revoke(server, subId())).status).toBe(204);
    await users.insert(row);
    expect((await app.introspect(old.access_token)).active).toBe(false);
    expect(await oauthError(app.refresh(old.refresh_token!))).toBe('invalid_grant');
  });

  test('is revoked by the command line', async () => {
    const old = await app.signIn(new Browser(server.url), alice);
    await server.dataSource.getRepository(OpUser).delete({ id: alice.id });
    const settings = { DATABASE_URL: server.databaseUrl, ISSUER: server.url };
    expect(await ctl(['revoke', '--format', 'opaque', '--id', alice.id], settings)).toMatchObject({ code: 0 });
    await server.dataSource.getRepository(OpUser).insert(row);
    expect((await app.introspect(old.access_token)).active).toBe(false);
  });

  test('without a single sign-in, is unknown', async () => {
    expect((await revoke(server, { format: 'opaque', id: 'never-here' })).status).toBe(404);
    expect((await revoke(server, { format: 'iss_sub', iss: 'https://x.example', sub: alice.id })).status).toBe(404);
  });
});

describe('a user without a row is found', () => {
  let host: Host;
  const attributes = { key: 'id', uid: 'login' };
  const start = async (users: Partial<GlobalRevocationOptions['users']> = {}): Promise<void> => {
    const source = {
      entity: HostUser,
      subject: 'id',
      attributes,
      iss_sub: { 'https://idp.example': 'login' },
      ...users,
    };
    host = await startHost('fastify', { options: { users: source as never } });
    await host.app.get(SubjectEpochs).epochForSignIn('gone');
  };
  beforeEach(() => start());
  afterEach(() => host.app.close());

  const by = (format: string, issuer?: string): UserIdentifier => ({
    format,
    profile: ['opaque', 'iss_sub'].includes(format) ? 'rfc9493' : 'janssen',
    value: 'gone',
    canonical: 'gone',
    ...(issuer !== undefined && { issuer }),
  });
  const who = (identifier: UserIdentifier, restrictions?: object): Promise<string> =>
    host.app
      .get(UserLookupService)
      .find({ format: identifier.format, identifiers: [identifier] }, restrictions)
      .then(
        ({ subject }) => subject,
        (error: { reason: string }) => error.reason,
      );

  test('by every identifier that is the account id', async () => {
    expect(await who(by('opaque'))).toBe('gone');
    expect(await who(by('iss_sub', host.url))).toBe('gone');
    expect(await who(by('key'))).toBe('gone');
  });

  test('by no other identifier of the same value', async () => {
    expect(await who(by('uid'))).toBe('unknownSubject');
    expect(await who(by('iss_sub', 'https://idp.example'))).toBe('unknownSubject');
    expect(await who(by('iss_sub', 'https://other.example'))).toBe('unknownSubject');
    await host.app.close();
    await start({ opaque: 'login' });
    expect(await who(by('opaque'))).toBe('unknownSubject');
  });

  test('by callers whose restrictions allow it, if they have no tenant', async () => {
    expect(await who(by('opaque'), { formats: ['opaque'] })).toBe('gone');
    expect(await who(by('opaque'), { formats: ['uid'] })).toBe('unknownSubject');
    expect(await who(by('iss_sub', host.url), { issuers: ['https://idp.example'] })).toBe('unknownSubject');
    expect(await who(by('opaque'), { tenant: 'a' })).toBe('unknownSubject');
  });
});
