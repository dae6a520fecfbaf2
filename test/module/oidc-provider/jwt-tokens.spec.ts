import { Logger } from '@nestjs/common';
import { decodeJwt } from 'jose';
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider';
import { afterEach, expect, test, vi } from 'vitest';
import { RevocationService, SubjectEpochs } from '../../../src/module/index.js';
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

const start = async (more: Configuration = {}): Promise<Provider> => {
  const make = (oidc: OidcRevocation): Provider =>
    oidc.connect(
      new Provider(issuer, {
        adapter: oidc.adapter,
        clients: [client as ClientMetadata],
        features: { devInteractions: { enabled: false }, resourceIndicators: { enabled: true } },
        ...more,
      }),
    );
  host = await startProviderHost(make);
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
  expect(warned()).toEqual([expect.stringContaining('add `epoch: epochToInherit(token.accountId)`')]);
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
