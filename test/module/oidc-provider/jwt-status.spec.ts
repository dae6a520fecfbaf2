import { Logger } from '@nestjs/common';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider';
import { afterEach, expect, test, vi } from 'vitest';
import { jwksSigner, RevocationService, SubjectEpochs } from '../../../src/module/index.js';
import {
  epochToInherit,
  inheritEpoch,
  type OidcRevocation,
  runInEpochContext,
} from '../../../src/module/oidc-provider/index.js';
import type { Host } from '../host.js';
import { issuer, startProviderHost } from './provider-host.js';

const client = { client_id: 'app', token_endpoint_auth_method: 'none', redirect_uris: ['https://app.example.com/cb'] };

let host: Host | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await host?.app.close();
});

/** @param options of the module */
const start = async (
  more: Configuration | ((oidc: OidcRevocation) => Configuration) = {},
  options = {},
): Promise<Provider> => {
  const make = (oidc: OidcRevocation): Provider =>
    oidc.connect(
      new Provider(issuer, {
        adapter: oidc.adapter,
        clients: [client as ClientMetadata],
        features: { devInteractions: { enabled: false }, resourceIndicators: { enabled: true } },
        ...(typeof more === 'function' ? more(oidc) : more),
      }),
    );
  host = await startProviderHost(make, options);
  return host.app.get(Provider);
};

/** Issues an access token, as the token endpoint does. @param accountId of the person; none for a client's own token */
async function issue(provider: Provider, format: 'jwt' | 'opaque', accountId: string): Promise<string> {
  const app = (await provider.Client.find('app'))!;
  const scope = 'read';
  const token = new provider.AccessToken({
    accountId,
    client: app,
    grantId: 'grant',
    gty: 'authorization_code',
    scope,
  });
  const audience = 'https://api.example.com';
  token.resourceServer = new provider.ResourceServer(audience, { scope, audience, accessTokenFormat: format });
  token.aud = audience;
  return token.save();
}

const inContext = <T>(job: () => Promise<T>): Promise<T> =>
  runInEpochContext(async () => {
    inheritEpoch('1', await host!.app.get(SubjectEpochs).epochForSignIn('1'));
    return job();
  });

const warnings = () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  return () => warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('as a JWT'));
};

test('R6: a JWT of a person without the epoch is warned of once', async () => {
  const provider = await start();
  const warned = warnings();
  await inContext(() => issue(provider, 'opaque', '1'));
  expect(warned()).toEqual([]);
  await inContext(() => issue(provider, 'jwt', '1'));
  await inContext(() => issue(provider, 'jwt', '1'));
  expect(warned()).toEqual([expect.stringContaining('add `epoch: epochToInherit(token.accountId)` in')]);
});

test('R6: a JWT can carry the inherited epoch, which a revocation ends', async () => {
  const provider = await start({
    extraTokenClaims: (_ctx, token) =>
      'accountId' in token && token.accountId ? { epoch: epochToInherit(token.accountId) } : undefined,
  });
  const warned = warnings();
  const { epoch } = decodeJwt(await inContext(() => issue(provider, 'jwt', '1')));
  expect(warned()).toEqual([]);
  const epochs = host!.app.get(SubjectEpochs);
  expect(await epochs.isCurrent('1', epoch as number)).toBe(true);
  // What is issued while its user is revoked carries the epoch from before.
  const late = await inContext(async () => {
    await host!.app.get(RevocationService).revoke('1', { actor: 'test' });
    return issue(provider, 'jwt', '1');
  });
  expect(await epochs.isCurrent('1', decodeJwt(late)['epoch'] as number)).toBe(false);
  expect(await epochs.isCurrent('1', epoch as number)).toBe(false);
  expect(() => epochToInherit('1')).toThrow('no epoch context');
});

/** A provider whose JWTs refer to a status list. @param more settings of the lists */
async function startWithLists(more = {}, configuration: Configuration = {}): Promise<Provider> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig' }] };
  const statusLists = { signer: jwksSigner(jwks), ...more };
  return start(({ formats }) => ({ formats, ...configuration }), { statusLists });
}

const indexOf = (jwt: string): number =>
  decodeJwt<{ status: { status_list: { idx: number } } }>(jwt).status.status_list.idx;

test('R6: a JWT refers to a status list by the inherited epoch, so one that is issued while its user is revoked has ended', async () => {
  const provider = await startWithLists();
  const warned = warnings();
  const [first, second, late] = await inContext(async () => {
    const live = [await issue(provider, 'jwt', '1'), await issue(provider, 'jwt', '1')];
    await host!.app.get(RevocationService).revoke('1', { actor: 'test' });
    return [...live, await issue(provider, 'jwt', '1')];
  });
  expect(warned()).toEqual([]);
  expect(indexOf(first!)).toBeGreaterThan(0);
  expect([indexOf(second!), indexOf(late!)]).toEqual([indexOf(first!), 0]);
  expect(await inContext(() => issue(provider, 'opaque', '1'))).not.toContain('.');
});

test('a pairwise subject has its own index for each sub and audience', async () => {
  const pairwise = { subjectTypes: ['public', 'pairwise'] as const, pairwiseIdentifier: () => `pairwise-${subs++}` };
  let subs = 0;
  const provider = await startWithLists(
    {},
    {
      ...(pairwise as unknown as Configuration),
      clients: [{ ...client, subject_type: 'pairwise' } as ClientMetadata],
    },
  );
  const [a, b] = await inContext(async () => [await issue(provider, 'jwt', '1'), await issue(provider, 'jwt', '1')]);
  expect(indexOf(a!)).not.toBe(indexOf(b!));
});

test('a client’s own JWT refers to the list by its client', async () => {
  const provider = await startWithLists();
  const own = new provider.ClientCredentials({ client: (await provider.Client.find('app'))!, scope: 'read' });
  const audience = 'https://api.example.com';
  own.resourceServer = new provider.ResourceServer(audience, { scope: 'read', audience, accessTokenFormat: 'jwt' });
  own.aud = audience;
  expect(indexOf(await own.save())).toBeGreaterThan(0);
});

test('a JWT that outlives its list is not issued', async () => {
  const provider = await startWithLists({ tokenLifetimeSeconds: 60 });
  await expect(inContext(() => issue(provider, 'jwt', '1'))).rejects.toThrow(
    'raise `statusLists.tokenLifetimeSeconds`',
  );
});
