import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dump } from '../database/dump.js';
import { describeEachDatabase } from '../support/databases.js';
import { basic, revoke } from '../support/operator.js';
import { demoOperator } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';
import { ctl, ctlJson, type Ended } from './ctl.js';

const SCOPE = ['--scope', 'global_token_revocation'];

interface Made {
  clientId: string;
  secret: string;
  secrets: Array<{ id: string; until: string | null }>;
}

describeEachDatabase('ctl clients, while a server runs', (database) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(database);
  });
  afterAll(() => server.stop());

  const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
  const run = (...args: string[]): Promise<Ended> => ctl(['clients', ...args], env());
  const ask = <T>(...args: string[]): Promise<T> => ctlJson<T>(['clients', ...args], env());
  const add = (id: string, ...options: string[]): Promise<Made> => ask<Made>('add', id, ...SCOPE, ...options);
  const changes = () => ctlJson<Array<Record<string, string>>>(['changes', 'list'], env());

  const bob = { format: 'uid', id: 'bob' };
  const statusWith = async (id: string, secret: string): Promise<number> =>
    (await revoke(server, bob, { authorization: basic(id, secret) })).status;
  /** As oidc-provider sees the secret. */
  const tokenStatusWith = async (id: string, secret: string): Promise<number> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'global_token_revocation' });
    const headers = { authorization: basic(id, secret) };
    return (await fetch(`${server.url}/token`, { method: 'POST', headers, body })).status;
  };

  test('add → a client that may revoke at once, with a secret of 256 bits that no column holds', async () => {
    const { secret, ...siem } = await add('siem', '--name', 'Security monitoring');
    const { clientId, secrets } = siem;
    expect(siem).toMatchObject({ clientId: 'siem', name: 'Security monitoring', enabled: true, mayRevoke: true });
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(secrets).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{8}$/) as string, until: null }]);

    expect([await statusWith(clientId, secret), await tokenStatusWith(clientId, secret)]).toEqual([204, 200]);
    for (const value of await dump(server.dataSource)) expect(value).not.toContain(secret);
    expect((await run('list')).out).not.toContain(secret);
    expect((await add('other')).secret).not.toBe(secret);
  });

  test('add, for a person → the secret, and that it is shown once', async () => {
    const { out } = await run('add', 'shown', ...SCOPE);
    expect(out).toMatch(
      /^client +shown\nsecret +[\w-]{43}\nThe secret is shown once and is not stored: keep it now\.$/,
    );
  });

  test('add an id that is taken → 4, and the client stands as before', async () => {
    const { code, out, err } = await run('add', demoOperator.clientId, ...SCOPE);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toMatch(/there is a client 'demo-operator' already/);
    expect(await statusWith(demoOperator.clientId, demoOperator.secret)).toBe(204);
  });

  test.each<[string, string[], RegExp]>([
    ['no scope', ['add', 'x'], /--scope/],
    ['a malformed scope', ['add', 'x', '--scope', 'a  b'], /single blanks/],
    ['a blank in the id', ['add', 'a b', ...SCOPE], /visible ASCII/],
    ['an answer nobody gives', ['add', 'x', ...SCOPE, '--unknown-subject', 'maybe'], /must be not_found or no_content/],
    ['two ends', ['rotate-secret', 'x', '--finish', '--cancel'], /exclude each other/],
    ['a time of nothing', ['rotate-secret', 'x', '--keep', 'soon'], /like 15m/],
  ])('%s → 2, and what is right', async (_title, args, right) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(right);
  });

  test('add with limits → whom it may name', async () => {
    const { secret } = await add('limited', '--formats', 'email,uid', '--unknown-subject', 'no_content');
    const limits = { formats: ['email', 'uid'], unknownSubject: 'no_content' };
    expect(await ask('list')).toContainEqual(expect.objectContaining({ clientId: 'limited', limits }));
    expect(await statusWith('limited', secret)).toBe(204);
  });

  test('rotate-secret → both secrets count, at the endpoint and for oidc-provider; --finish → the new one alone', async () => {
    const before = (await add('rotating')).secret;
    const after = (await ask<Made>('rotate-secret', 'rotating')).secret;
    for (const secret of [before, after]) {
      expect(await statusWith('rotating', secret)).toBe(204);
      expect(await tokenStatusWith('rotating', secret)).toBe(200);
    }

    const again = await run('rotate-secret', 'rotating');
    expect(again).toMatchObject({ code: 4, err: expect.stringMatching(/--finish.*--cancel/) as string });
    expect(await ask('rotate-secret', 'rotating', '--finish')).toMatchObject({ secrets: [{ until: null }] });
    expect([await statusWith('rotating', before), await statusWith('rotating', after)]).toEqual([401, 204]);
    expect(await run('rotate-secret', 'rotating', '--finish')).toMatchObject({ code: 4 });
  });

  test('rotate-secret --cancel → the old one alone; --keep → the old one ends by itself', async () => {
    const before = (await add('keeping')).secret;
    const lost = (await ask<Made>('rotate-secret', 'keeping')).secret;
    await ask('rotate-secret', 'keeping', '--cancel');
    expect([await statusWith('keeping', before), await statusWith('keeping', lost)]).toEqual([204, 401]);

    const { secret: after, secrets } = await ask<Made>('rotate-secret', 'keeping', '--keep', '1h');
    expect(Date.parse(secrets[1]!.until!) - Date.now()).toBeGreaterThan(3_500_000);
    expect([await statusWith('keeping', before), await statusWith('keeping', after)]).toEqual([204, 204]);
    await server.dataSource.query(`UPDATE gtr_client SET previous_secret_expires_at = ${Date.now() - 1}
      WHERE client_id = 'keeping'`);
    expect([await statusWith('keeping', before), await statusWith('keeping', after)]).toEqual([401, 204]);
    expect(await run('rotate-secret', 'keeping', '--cancel')).toMatchObject({ code: 4 });
    expect(await run('rotate-secret', 'keeping')).toMatchObject({ code: 0 });
  });

  test('disable → its next request is refused; enable → let in again; remove → gone', async () => {
    const { secret } = await add('short');
    await run('disable', 'short');
    expect([await statusWith('short', secret), await tokenStatusWith('short', secret)]).toEqual([401, 401]);
    await run('enable', 'short');
    expect(await statusWith('short', secret)).toBe(204);
    expect(await ask('remove', 'short')).toEqual({ clientId: 'short', removed: true });
    expect(await statusWith('short', secret)).toBe(401);
  });

  test.each(['rotate-secret', 'disable', 'enable', 'remove'])('%s of nobody → 3', async (command) => {
    const err = "error: no client has the id 'nobody'; see clients list";
    expect(await run(command, 'nobody')).toEqual({ code: 3, out: '', err });
  });

  test('every change → a record of who, what, before and since, without a secret', async () => {
    const { secret, secrets } = await add('recorded');
    const second = await ask<Made>('rotate-secret', 'recorded');
    await run('rotate-secret', 'recorded', '--finish');
    await run('disable', 'recorded');
    await run('remove', 'recorded');

    const recorded = (await changes()).filter(({ target }) => target === 'recorded').toReversed();
    const actor = `cli:${userInfo().username}`;
    expect(recorded.map((change) => [change['actor'], change['action']])).toEqual(
      ['add', 'rotate_secret', 'finish_rotation', 'disable', 'remove'].map((what) => [actor, `client.${what}`]),
    );
    const [first, next] = [secrets, second.secrets].map((all) => all[0]!.id);
    const words = (state: string, ids: string) =>
      `${state}; scope: global_token_revocation; secrets: ${ids}; limits: none`;
    expect(recorded.map(({ before, after }) => [before, after])).toEqual([
      ['', words('enabled', first!)],
      [words('enabled', first!), words('enabled', `${next}, ${first}`)],
      [words('enabled', `${next}, ${first}`), words('enabled', next!)],
      [words('enabled', next!), words('disabled', next!)],
      [words('disabled', next!), ''],
    ]);
    expect(JSON.stringify(recorded)).not.toMatch(new RegExp(`${secret}|${second.secret}`));
  });
});
