import type { Provider as Provide } from '@nestjs/common';
import Provider from 'oidc-provider';
import { coreEntities, coreMigrations } from '../../../src/module/index.js';
import {
  OIDC_STORAGE_KEY,
  OidcRevocation,
  oidcProviderEntities,
  oidcProviderMigrations,
} from '../../../src/module/oidc-provider/index.js';
import { CreateHostUser1, type Host, HostUser, startHost } from '../host.js';

export const issuer = 'https://op.example.com';

/** Starts a host with a provider of its own. @param options of the module */
export const startProviderHost = (
  make: (oidc: OidcRevocation) => Provider | undefined,
  options = {},
  providers: Provide[] = [],
): Promise<Host> =>
  startHost('express', {
    options: { issuer, ...options },
    dataSource: {
      entities: [HostUser, ...coreEntities, ...oidcProviderEntities],
      migrations: [CreateHostUser1, ...coreMigrations, ...oidcProviderMigrations],
    },
    providers: [
      { provide: OIDC_STORAGE_KEY, useValue: Buffer.alloc(32, 7) },
      OidcRevocation,
      ...providers,
      { provide: Provider, useFactory: (oidc: OidcRevocation) => make(oidc) ?? null, inject: [OidcRevocation] },
    ],
  });
