import type { ClassProvider, ExistingProvider, FactoryProvider, Provider, Type, ValueProvider } from '@nestjs/common';
import { TypeOrmClientRegistry } from './caller/clients/typeorm-client-registry.js';
import { Client } from './caller/clients/client.entity.js';
import { ClientRegistry } from './caller/clients/client-registry.js';
import { FeatureFlag } from './feature-flags/feature-flag.entity.js';
import { FeatureFlagStore } from './feature-flags/feature-flag.store.js';
import { TypeOrmFeatureFlagStore } from './feature-flags/typeorm-feature-flag.store.js';
import { TypeOrmUserDirectory } from './subject/typeorm-user-directory.js';
import { UserDirectory } from './subject/user-directory.js';

/** Replacement of a shipped implementation: a class, or a Nest provider without `provide`. @publicApi */
export type PortProvider<Port> =
  | Type<Port>
  | Omit<ClassProvider<Port>, 'provide'>
  | Omit<ValueProvider<Port>, 'provide'>
  | Omit<FactoryProvider<Port>, 'provide'>
  | Omit<ExistingProvider<Port>, 'provide'>;

/** Token, shipped implementation and its own entities for each port. */
const SHIPPED = {
  userDirectory: { token: UserDirectory, shipped: TypeOrmUserDirectory, entities: [] },
  clientRegistry: { token: ClientRegistry, shipped: TypeOrmClientRegistry, entities: [Client] },
  featureFlagStore: { token: FeatureFlagStore, shipped: TypeOrmFeatureFlagStore, entities: [FeatureFlag] },
} as const;

/** The host's implementations of the ports. */
type Ports = { [Name in keyof typeof SHIPPED]?: PortProvider<unknown> | undefined };

const names = Object.keys(SHIPPED) as Array<keyof Ports>;

/** Binds each port to the host's implementation, or to the shipped one. */
export const portProviders = (ports: Ports): Provider[] =>
  names.map((name) => {
    const { token, shipped } = SHIPPED[name];
    const chosen: PortProvider<unknown> = ports[name] ?? shipped;
    return typeof chosen === 'function' ? { provide: token, useClass: chosen } : { provide: token, ...chosen };
  });

export const portTokens = names.map((name) => SHIPPED[name].token);

/** Returns entities of replaced implementations. The host's `DataSource` does not need them. */
export const unusedEntities = (ports: Ports): ReadonlySet<unknown> =>
  new Set(names.flatMap<unknown>((name) => (ports[name] ? SHIPPED[name].entities : [])));
