import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger, type Provider as Provide } from '@nestjs/common';
import Provider, { type Configuration } from 'oidc-provider';
import { afterEach, expect, test, vi } from 'vitest';
import {
  bindRegistrationTokens,
  epochContext,
  OIDC_PREVIOUS_ADAPTER,
  type OidcRevocation,
} from '../../../src/module/oidc-provider/index.js';
import type { Host } from '../host.js';
import { memoryAdapters } from './memory-adapter.js';
import { issuer, startProviderHost } from './provider-host.js';

const features = { devInteractions: { enabled: false } };

let host: Host | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await host?.app.close();
  host = undefined;
});

/** A host with a provider of its own. */
const start = async (
  make: (oidc: OidcRevocation) => Provider | undefined,
  options = {},
  providers: Provide[] = [],
): Promise<Host> =>
  (host = await startProviderHost(make, { featureFlags: { GLOBAL_TOKEN_REVOCATION: true }, ...options }, providers));
const connected = (at: string, configuration: (oidc: OidcRevocation) => Configuration) =>
  start((oidc) => oidc.connect(new Provider(at, configuration(oidc))));

const warnings = () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  return () => warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('connect'));
};

test('a connected provider with the adapter starts without a warning', async () => {
  const warned = warnings();
  await connected(issuer, ({ adapter }) => ({ adapter, features }));
  expect(warned()).toEqual([]);
});

test('a connected provider finds the records of the previous adapter', async () => {
  const previous = memoryAdapters();
  const exp = Math.floor(Date.now() / 1000) + 600;
  const { app } = await start((oidc) => oidc.connect(new Provider(issuer, { adapter: oidc.adapter, features })), {}, [
    { provide: OIDC_PREVIOUS_ADAPTER, useValue: previous },
  ]);
  await previous('AccessToken').upsert('token', { jti: 'token', kind: 'AccessToken', accountId: 'alice', exp }, 600);
  const { AccessToken } = app.get(Provider);
  expect(await AccessToken.find('token')).toMatchObject({ jti: 'token', accountId: 'alice' });
  expect(await previous('AccessToken').find('token')).toBeUndefined();
});

test('a provider without the adapter prevents startup', async () => {
  await expect(connected(issuer, () => ({ features }))).rejects.toThrow(
    /stores Session, .*RefreshToken.* where no revocation ends them: create the provider with `adapter: oidcRevocation\.adapter`/,
  );
});

test('a provider whose documents the option `metadata` hides prevents startup', async () => {
  const starting = start((oidc) => oidc.connect(new Provider(issuer, { adapter: oidc.adapter, features })), {
    metadata: {},
  });
  await expect(starting).rejects.toThrow(/`metadata` of GlobalRevocationModule hides .*: omit the option/);
});

const elsewhere = { find: () => Promise.resolve(undefined) } as never;
/** The adapter, but for one model. */
const except = (kept: string, { adapter }: OidcRevocation) => ({
  adapter: (model: string) => (model === kept ? elsewhere : adapter(model)),
});

test.each([
  'Session',
  'Interaction',
  'Grant',
  'AuthorizationCode',
  'AccessToken',
  'RefreshToken',
  'DeviceCode',
  'BackchannelAuthenticationRequest',
  'PreAuthorizedCode',
])('%s kept elsewhere prevents startup, and the error names it', async (model) => {
  const starting = connected(issuer, (oidc) => ({ ...except(model, oidc), features }));
  await expect(starting).rejects.toThrow(`the provider stores ${model} where no revocation ends them`);
});

test.each(['InitialAccessToken', 'RegistrationAccessToken'])(
  '%s kept elsewhere is accepted, but not bound to people',
  async (model) => {
    await start((oidc) => {
      const provider = oidc.connect(new Provider(issuer, { ...except(model, oidc), features }));
      expect(() => bindRegistrationTokens(provider)).toThrow(`the provider stores ${model} where`);
      return provider;
    });
  },
);

const registering = { ...features, registration: { enabled: true } };

test('dynamic registration prevents startup when this adapter keeps the clients', async () => {
  await expect(connected(issuer, ({ adapter }) => ({ adapter, features: registering }))).rejects.toThrow(
    'set `features.registration.enabled` to false, or store the model `Client` in your own adapter',
  );
});

test('dynamic registration is accepted when clients are kept elsewhere', async () => {
  await connected(issuer, (oidc) => ({ ...except('Client', oidc), features: registering }));
});

test.each([
  [200, { issuer }],
  [500, { error: 'server_error' }],
  [503, { error: 'temporarily_unavailable' }],
])('a discovery answer with status %d is left as the host sent it', async (status, body) => {
  const own = await start((oidc) => {
    const provider = oidc.connect(new Provider(issuer, { adapter: oidc.adapter, features }));
    provider.use(async (ctx, next) => {
      await next();
      Object.assign(ctx, { status, body });
    });
    return provider;
  });
  const handle = own.app.get(Provider).callback();
  const listener = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`);
  listener.close();
  const document = (await answer.json()) as object;
  expect(answer.status).toBe(status);
  if (status === 200) expect(Object.keys(document)).toContain('global_token_revocation_endpoint');
  else expect(document).toEqual(body);
});

test('a provider with another issuer than the module prevents startup', async () => {
  await expect(connected('https://other.example.com', ({ adapter }) => ({ adapter, features }))).rejects.toThrow(
    "the provider's issuer is https://other.example.com, but that of GlobalRevocationModule is https://op.example.com",
  );
});

test('devInteractions prevent startup because they ask for no epoch (R3)', async () => {
  await expect(connected(issuer, ({ adapter }) => ({ adapter }))).rejects.toThrow(
    'set `features.devInteractions.enabled` to false',
  );
});

test('an adapter whose provider is not connected causes a warning', async () => {
  const warned = warnings();
  await start(({ adapter }) => new Provider(issuer, { adapter, features }));
  expect(warned()).toEqual([expect.stringContaining('no provider is connected: call connect(provider)')]);
});

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const client = {
  client_id: 'app',
  client_secret: 'secret',
  grant_types: [device],
  redirect_uris: [],
  response_types: [],
};
const withDevices = { features: { ...features, deviceFlow: { enabled: true } }, clients: [client as never] };

/** Asks a provider for a device code. */
async function startDevice(provider: Provider): Promise<number> {
  const handle = provider.callback();
  const listener = createServer((request, response) =>
    epochContext(request, response, () => void handle(request, response)),
  ).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const { status } = await fetch(`http://127.0.0.1:${port}/device/auth`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'app', scope: 'openid' }),
    headers: { authorization: `Basic ${Buffer.from('app:secret').toString('base64')}` },
  });
  listener.close();
  return status;
}

test('a second provider with the adapter that is not connected causes one warning when it issues something', async () => {
  const warned = warnings();
  const stranger = { made: undefined as Provider | undefined };
  await start((oidc) => {
    stranger.made = new Provider('https://other.example.com', { adapter: oidc.adapter, ...withDevices });
    return oidc.connect(new Provider(issuer, { adapter: oidc.adapter, ...withDevices }));
  });
  expect(await startDevice(host!.app.get(Provider))).toBe(200);
  expect(warned()).toEqual([]);
  for (let n = 0; n < 2; n += 1) expect(await startDevice(stranger.made!)).toBe(200);
  expect(warned()).toEqual([
    expect.stringContaining('a provider that is not connected has saved DeviceCode with the adapter: call connect('),
  ]);
});

test('callback() before connect() prevents startup', async () => {
  const starting = start((oidc) => {
    const provider = new Provider(issuer, { adapter: oidc.adapter, features });
    provider.callback();
    return oidc.connect(provider);
  });
  await expect(starting).rejects.toThrow(
    /callback\(\) .* was called before connect\(\), .*: call connect\(provider\) first/,
  );
});

test.each([true, false])(
  'tokens of registrations cause a warning unless they are bound to people: %s',
  async (isBound) => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    await start((oidc) => {
      const adapter = (model: string) => (model === 'Client' ? elsewhere : oidc.adapter(model));
      const provider = oidc.connect(new Provider(issuer, { adapter, features: registering }));
      if (isBound) bindRegistrationTokens(provider);
      return provider;
    });
    const texts = warn.mock.calls
      .map(([text]) => String(text))
      .filter((text) => text.includes('bindRegistrationTokens'));
    expect(texts).toHaveLength(isBound ? 0 : 1);
  },
);

test('no warning appears when no provider is created', async () => {
  const warned = warnings();
  await start(() => undefined);
  expect(warned()).toEqual([]);
});
