import { Logger } from '@nestjs/common';
import Provider, { type Configuration } from 'oidc-provider';
import { afterEach, expect, test, vi } from 'vitest';
import {
  OIDC_STORAGE_KEY,
  OidcRevocation,
  oidcProviderEntities,
  oidcProviderMigrations,
} from '../../../src/module/oidc-provider/index.js';
import { coreEntities, coreMigrations } from '../../../src/module/index.js';
import { CreateHostUser1, type Host, HostUser, startHost } from '../host.js';

const issuer = 'https://op.example.com';
const features = { devInteractions: { enabled: false } };

let host: Host | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await host?.app.close();
  host = undefined;
});

/** A host with a provider of its own. */
const start = async (make: (oidc: OidcRevocation) => Provider | undefined): Promise<Host> =>
  (host = await startHost('express', {
    options: { issuer },
    dataSource: {
      entities: [HostUser, ...coreEntities, ...oidcProviderEntities],
      migrations: [CreateHostUser1, ...coreMigrations, ...oidcProviderMigrations],
    },
    providers: [
      { provide: OIDC_STORAGE_KEY, useValue: Buffer.alloc(32, 7) },
      OidcRevocation,
      { provide: Provider, useFactory: (oidc: OidcRevocation) => make(oidc) ?? null, inject: [OidcRevocation] },
    ],
  }));
const connected = (at: string, configuration: (oidc: OidcRevocation) => Configuration) =>
  start((oidc) => oidc.connect(new Provider(at, configuration(oidc))));

const warnings = () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  return () => warn.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('connect'));
};

test('a provider with the adapter is connected → starts, and nothing is warned about', async () => {
  const warned = warnings();
  await connected(issuer, ({ adapter }) => ({ adapter, features }));
  expect(warned()).toEqual([]);
});

test('no adapter → refused: what it hands out would live on', async () => {
  await expect(connected(issuer, () => ({ features }))).rejects.toThrow(
    /keeps Session, .*RefreshToken.* where no revocation ends them: make it with `adapter: oidcRevocation\.adapter`/,
  );
});

test('one model is kept elsewhere → refused, and named', async () => {
  const elsewhere = { find: () => Promise.resolve(undefined) } as never;
  const starting = connected(issuer, ({ adapter }) => ({
    adapter: (model: string) => (model === 'RefreshToken' ? elsewhere : adapter(model)),
    features,
  }));
  await expect(starting).rejects.toThrow('the provider keeps RefreshToken where no revocation ends them');
});

test("an issuer that is not the module's → refused", async () => {
  await expect(connected('https://other.example.com', ({ adapter }) => ({ adapter, features }))).rejects.toThrow(
    "the provider's issuer is https://other.example.com, and that of GlobalRevocationModule https://op.example.com",
  );
});

test('devInteractions are on → refused: they ask for no epoch (R3)', async () => {
  await expect(connected(issuer, ({ adapter }) => ({ adapter }))).rejects.toThrow(
    'set `features.devInteractions.enabled` to false',
  );
});

test('the adapter is taken, and no provider is connected → a warning', async () => {
  const warned = warnings();
  await start(({ adapter }) => new Provider(issuer, { adapter, features }));
  expect(warned()).toEqual([expect.stringContaining('no provider is connected: call connect(provider)')]);
});

test('no provider is made → no warning', async () => {
  const warned = warnings();
  await start(() => undefined);
  expect(warned()).toEqual([]);
});
