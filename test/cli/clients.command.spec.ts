import { createPublicKey, randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { Signer } from '../module/caller/signer.js';
import { dump } from '../module/database/dump.js';
import { selfSigned } from '../support/certificates.js';
import { describeEachDatabase } from '../support/databases.js';
import { basic, revoke } from '../support/operator.js';
import { demoOperator } from '../support/people.js';
import { serverFixture } from '../support/server.js';
import { ctl, ctlJson, type Ended } from './ctl.js';

const SCOPE = ['--scope', 'global_token_revocation'];

interface Made {
  clientId: string;
  secret: string;
  secrets: Array<{ id: string; until: string | null }>;
  keys: string | string[] | null;
}

describeEachDatabase('ctl clients, while a server runs', (database) => {
  const server = serverFixture(database);

  const env = () => ({ DATABASE_URL: server.databaseUrl, ISSUER: server.url });
  const run = (...args: string[]): Promise<Ended> => ctl(['clients', ...args], env());
  const ask = <T>(...args: string[]): Promise<T> => ctlJson<T>(['clients', ...args], env());
  const add = (id: string, ...options: string[]): Promise<Made> => ask<Made>('add', id, ...SCOPE, ...options);
  const changes = () => ctlJson<Array<Record<string, string>>>(['changes', 'list', '--since', '1h'], env());

  const bob = { format: 'uid', id: 'bob' };
  const statusWith = async (id: string, secret: string): Promise<number> =>
    (await revoke(server, bob, { authorization: basic(id, secret) })).status;
  /** As oidc-provider sees the secret. */
  const tokenStatusWith = async (id: string, secret: string): Promise<number> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'global_token_revocation' });
    const headers = { authorization: basic(id, secret) };
    return (await fetch(`${server.url}/token`, { method: 'POST', headers, body })).status;
  };

  test('add creates a client that can revoke at once, with a secret of 256 bits stored as a hash only', async () => {
    const { secret, ...siem } = await add('siem', '--name', 'Security monitoring');
    const { clientId, secrets } = siem;
    expect(siem).toMatchObject({
      keys: null,
      clientId: 'siem',
      name: 'Security monitoring',
      enabled: true,
      mayRevoke: true,
    });
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(secrets).toEqual([{ id: expect.stringMatching(/^[0-9a-f]{8}$/) as string, until: null }]);

    expect([await statusWith(clientId, secret), await tokenStatusWith(clientId, secret)]).toEqual([204, 200]);
    for (const value of await dump(server.dataSource)) expect(value).not.toContain(secret);
    expect((await run('list')).out).not.toContain(secret);
    expect((await add('other')).secret).not.toBe(secret);
  });

  describe('add with public keys', () => {
    const file = async (content: string): Promise<string> => {
      const path = join(await mkdtemp(join(inject('tempDir'), 'key-')), 'key');
      await writeFile(path, content);
      return path;
    };
    const spki = (pem: string) => createPublicKey(pem).export({ format: 'pem', type: 'spki' }) as string;
    const call = async (signer: Signer, id: string): Promise<number> => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: id, sub: id, aud: server.url, jti: randomUUID(), exp: now + 60 };
      return (await revoke(server, bob, { authorization: `Bearer ${await signer.sign(claims)}` })).status;
    };

    test.each(['PEM', 'certificate', 'JWK', 'JWKS'])(
      '%s creates a client that signs and has no secret',
      async (kind) => {
        const { certificate, key } = await selfSigned('idp.example');
        const signer = await Signer.of(key);
        const contents = { PEM: spki(key), certificate, JWK: signer.jwk, JWKS: signer.jwks };
        const content = contents[kind as keyof typeof contents];
        const id = `signs-${kind}`;
        const { secret, ...added } = await add(
          id,
          '--key',
          await file(typeof content === 'string' ? content : JSON.stringify(content)),
        );
        expect(secret).toBeUndefined();
        const names = typeof content === 'string' ? ['a key of type RSA'] : ['key-1'];
        expect(added).toMatchObject({ clientId: id, mayRevoke: true, secrets: [], keys: names });
        expect([await call(signer, id), await call(await Signer.create(), id)]).toEqual([204, 401]);
        expect(await statusWith(id, 'no secret')).toBe(401);
        expect((await run('list')).out).toContain(`signs with ${names[0]}`);
        expect((await run('rotate-secret', id)).err).toContain('has no secret');
      },
    );

    test('--jwks-uri stores where the keys are', async () => {
      const uri = 'https://idp.example/keys';
      expect(await add('elsewhere', '--jwks-uri', uri)).toMatchObject({ secrets: [], keys: uri });
      expect((await run('add', 'shown-keys', ...SCOPE, '--jwks-uri', uri)).out).toBe(
        `client  shown-keys\nkeys    ${uri}`,
      );
    });

    test.each([
      ['a private key', async () => ['--key', await file((await selfSigned('a')).key)], 'private key'],
      ['a private JWK', async () => ['--key', await file('{"kty":"OKP","crv":"Ed25519","d":"AAAA"}')], 'private part'],
      ['no key', async () => ['--key', await file('hello')], 'must contain a public key'],
      ['a missing file', async () => ['--key', '/nowhere/key'], 'cannot be read (ENOENT)'],
      ['an empty set', async () => ['--key', await file('{"keys":[]}')], 'jwks.keys: must have at least one key'],
      ['http', async () => ['--jwks-uri', 'http://idp.example/keys'], 'https URL'],
      ['a password', async () => ['--jwks-uri', 'https://a:b@idp.example/keys'], 'without a password'],
      [
        'both',
        async () => ['--jwks-uri', 'https://idp.example/', '--key', await file(spki((await selfSigned('a')).key))],
        'give either --key or --jwks-uri',
      ],
    ])('%s is wrong usage and adds nobody', async (_title, options, problem) => {
      const { code, err } = await run('add', 'nobody', ...SCOPE, ...(await options()));
      expect([code, err]).toEqual([2, expect.stringContaining(problem)]);
      expect((await run('list')).out).not.toContain('nobody');
    });
  });

  test('add shows the secret once in text output', async () => {
    const { out } = await run('add', 'shown', ...SCOPE);
    expect(out).toMatch(
      /^client +shown\nsecret +[\w-]{43}\nThe secret is shown once and is not stored\. Save it now\.$/,
    );
  });

  test('add with an existing ID exits with 4 and changes nothing', async () => {
    const { code, out, err } = await run('add', demoOperator.clientId, ...SCOPE);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toMatch(/a client 'demo-operator' already exists/);
    expect(await statusWith(demoOperator.clientId, demoOperator.secret)).toBe(204);
  });

  test.each<[string, string[], RegExp]>([
    ['a missing scope', ['add', 'x'], /--scope/],
    ['a malformed scope', ['add', 'x', '--scope', 'a  b'], /single spaces/],
    ['a space in the ID', ['add', 'a b', ...SCOPE], /visible ASCII/],
    ['an unknown answer', ['add', 'x', ...SCOPE, '--unknown-subject', 'maybe'], /must be not_found or no_content/],
    ['an unknown format', ['add', 'x', ...SCOPE, '--formats', 'email,foo'], /unknown format 'foo'; formats .*uid, /],
    ['two conflicting options', ['rotate-secret', 'x', '--finish', '--cancel'], /give only one of/],
    ['an invalid time', ['rotate-secret', 'x', '--keep', 'soon'], /like 15m/],
  ])('%s exits with 2 and explains the right usage', async (_title, args, right) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(right);
  });

  test('add with restrictions limits whom the client may name', async () => {
    const { secret } = await add('limited', '--formats', 'email,uid', '--unknown-subject', 'no_content');
    const restrictions = { formats: ['email', 'uid'], unknownSubject: 'no_content' };
    expect(await ask('list')).toContainEqual(expect.objectContaining({ clientId: 'limited', restrictions }));
    expect(await statusWith('limited', secret)).toBe(204);
  });

  test('add without the scope reports that the client may not revoke, and what is missing', async () => {
    const missing = 'may revoke  no (scope global_token_revocation is missing)';
    expect((await run('add', 'reader', '--scope', 'nope')).out).toContain(missing);
    const signing = ['--jwks-uri', 'https://idp.example/keys'];
    expect((await run('add', 'signer', '--scope', 'nope', ...signing)).out).toContain(missing);
  });

  describe('an identity provider from the settings', () => {
    const keys = { jwksUri: 'https://okta.example/keys' };
    const GTR_IDENTITY_PROVIDERS = JSON.stringify([{ id: 'okta', issuers: ['https://okta.example'], keys }]);
    const withOkta = (...args: string[]) => ctl(['clients', ...args], { ...env(), GTR_IDENTITY_PROVIDERS });

    test('list shows it in text output only', async () => {
      expect((await withOkta('list')).out).toMatch(/^okta +configured +yes +signs as https:\/\/okta\.example /m);
      expect((await withOkta('list', '--json')).out).not.toContain('okta');
    });

    test.each(['disable', 'enable', 'remove', 'rotate-secret'])(
      '%s exits with 4 and explains how to stop it',
      async (command) => {
        const { code, err } = await withOkta(command, 'okta');
        expect(code).toBe(4);
        expect(err).toMatch(
          /'okta' is an identity provider from the settings, .* restart every server; .*`flags disable GLOBAL_/,
        );
      },
    );
  });

  test('disabling or enabling a client twice succeeds without a second record', async () => {
    await add('steady');
    const disabled = await run('disable', 'steady');
    expect(await run('disable', 'steady')).toEqual(disabled);
    await run('enable', 'steady');
    await run('enable', 'steady');
    const recorded = (await changes()).filter(({ target }) => target === 'steady').map(({ action }) => action);
    expect(recorded).toEqual(['client.enable', 'client.disable', 'client.add']);
  });

  test('rotate-secret keeps both secrets valid, and --finish only the new one', async () => {
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

  test('rotate-secret --cancel keeps the old secret, and --keep lets it expire', async () => {
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

  test('disable rejects the next request, enable accepts it again, remove deletes the client', async () => {
    const { secret } = await add('short');
    await run('disable', 'short');
    expect([await statusWith('short', secret), await tokenStatusWith('short', secret)]).toEqual([401, 401]);
    await run('enable', 'short');
    expect(await statusWith('short', secret)).toBe(204);
    expect(await ask('remove', 'short')).toEqual({ clientId: 'short', removed: true });
    expect(await statusWith('short', secret)).toBe(401);
  });

  test.each(['rotate-secret', 'disable', 'enable', 'remove'])(
    '%s of an unknown client exits with 3',
    async (command) => {
      const err = "error: no client has the id 'nobody'; see `clients list`";
      expect(await run(command, 'nobody')).toEqual({ code: 3, out: '', err });
    },
  );

  test('every change is recorded with actor, action, old state and time, without a secret', async () => {
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
      `${state}; scope: global_token_revocation; secrets: ${ids}; restrictions: none`;
    expect(recorded.map(({ before, after }) => [before, after])).toEqual([
      ['', words('enabled', first!)],
      [words('enabled', first!), words('enabled', `${next}, ${first}`)],
      [words('enabled', `${next}, ${first}`), words('enabled', next!)],
      [words('enabled', next!), words('disabled', next!)],
      [words('disabled', next!), ''],
    ]);
    expect(JSON.stringify(recorded)).not.toMatch(new RegExp(`${secret}|${second.secret}`));
  });

  test('changes list fits 120 columns, and changes show prints everything for a short ID', async () => {
    const id = `${'long-'.repeat(8)}client`;
    await add(id, '--formats', 'email,uid', '--issuers', 'https://idp.example/a-long-path');
    await run('disable', id, '--as', 'someone with a long name in the record');
    const list = await ctl(['changes', 'list', '--since', '1h'], env());
    const lines = list.out.split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
    expect(lines[0]).toMatch(/^TIME +BY +CHANGE +TARGET +RECORD +BEFORE → AFTER$/);
    expect(lines[1]).toMatch(
      /^\S{19}Z {2}cli:someone with.*… +client\.disable +long-.*… +[\da-f]{8} +enabled → disabled$/,
    );
    const [change] = await changes();
    const shown = await ctl(['changes', 'show', change!['id']!.slice(0, 8)], env());
    expect(shown.out).toContain(`record  ${change!['id']}\n`);
    expect(shown.out).toContain(`target  ${id}\nbefore  enabled; scope: global_token_revocation; secrets: `);
    expect(await ctlJson(['changes', 'show', change!['id']!], env())).toEqual(change);
    expect(await ctl(['changes', 'show', 'nonsense'], env())).toMatchObject({ code: 3 });
  });

  test('changes list shows the latest 20 and that there are more; --since and --actor select', async () => {
    await add('flapping');
    for (let i = 0; i < 10; i += 1) {
      await run('disable', 'flapping');
      await run('enable', 'flapping');
    }
    const list = (...args: string[]): Promise<Ended> => ctl(['changes', 'list', '--json', ...args], env());
    expect(await list()).toMatchObject({ code: 0, err: '20 shown; there are more: use --limit N' });
    const all = await list('--since', '1h');
    expect(all.err).toBe('');
    const [own, everybody] = [`cli:${userInfo().username}`, JSON.parse(all.out) as Array<{ actor: string }>];
    expect(everybody.length).toBeGreaterThan(20);
    const { out } = await list('--since', '1h', '--actor', own);
    expect(JSON.parse(out)).toEqual(everybody.filter(({ actor }) => actor === own));
    expect((await list('--since', '1h', '--actor', 'cli:nobody')).out).toBe('[]');
  });
});
