import { type ModuleMetadata, type Provider, VERSION_NEUTRAL } from '@nestjs/common';
import type { ControllerVersion } from './http/nest-internals.js';
import * as v from 'valibot';
import type { ClientRegistry } from './caller/clients/client-registry.js';
import type { FeatureFlagStore } from './feature-flags/feature-flag.store.js';
import type { PortProvider } from './global-revocation.module-ports.js';
import { flag, isFunction, listOf, type Members, must, read, shape } from './options/schema.js';
import type { UserDirectory } from './subject/user-directory.js';

/** What `forRoot` and `forRootAsync` take beside the options: known before they are, because it shapes the module. */
export const EXTRAS = {
  /**
   * Path of the endpoint: routes are fixed when the module is declared.
   *
   * @default 'global-token-revocation'
   */
  path: 'global-token-revocation',
  /**
   * Version of the endpoint where the host has versions. Callers elsewhere are configured with the URL: without a version it
   * stays when the host's default version changes, and no header is needed.
   *
   * @default VERSION_NEUTRAL
   */
  version: VERSION_NEUTRAL as ControllerVersion,
  /**
   * Decorators for the controller of the endpoint, e.g. the one by which a global guard of the host knows a public route.
   * Guards given so run after ours.
   *
   * @default []
   */
  controllerDecorators: [] as ClassDecorator[],
  /**
   * Whether the services are visible everywhere without importing the module.
   *
   * @default false
   */
  isGlobal: false,
  /**
   * Modules whose providers the implementations below need.
   *
   * @default []
   */
  imports: [] as NonNullable<ModuleMetadata['imports']>,
  /**
   * Providers that take the place of ours, e.g. `{ provide: ScopeGuard, useClass: MyScopeGuard }`.
   *
   * @default []
   */
  providers: [] as Provider[],
  /**
   * Your own {@link UserDirectory}: a class, or a provider without `provide`. The option `users` is not needed then.
   *
   * @default `TypeOrmUserDirectory`, with the option `users`
   */
  userDirectory: undefined as PortProvider<UserDirectory> | undefined,
  /**
   * Your own {@link ClientRegistry}: a class, or a provider without `provide`. The entity `Client` need not be in your
   * `DataSource` then.
   *
   * @default `TypeOrmClientRegistry`
   */
  clientRegistry: undefined as PortProvider<ClientRegistry> | undefined,
  /**
   * Your own {@link FeatureFlagStore}: a class, or a provider without `provide`. The entity `FeatureFlag` need not be in
   * your `DataSource` then.
   *
   * @default `TypeOrmFeatureFlagStore`
   */
  featureFlagStore: undefined as PortProvider<FeatureFlagStore> | undefined,
};

type Extras = typeof EXTRAS;

const MEMBERS = {
  path: v.exactOptional(must<string>('text', (value) => typeof value === 'string')),
  version: v.exactOptional(v.any()),
  controllerDecorators: v.exactOptional(listOf(must<ClassDecorator>('a decorator', isFunction))),
  isGlobal: v.exactOptional(flag),
  imports: v.exactOptional(listOf(v.any())),
  providers: v.exactOptional(listOf(v.any())),
  userDirectory: v.exactOptional(v.any()),
  clientRegistry: v.exactOptional(v.any()),
  featureFlagStore: v.exactOptional(v.any()),
} satisfies Members<Extras>;

/** Their names. */
export const EXTRA_NAMES = Object.keys(EXTRAS);

/** What `forRootAsync` takes beside {@link EXTRAS}. */
const ASYNC = ['useFactory', 'inject', 'useClass', 'useExisting', 'provideInjectionTokensFrom'];
const ASYNC_MEMBERS = Object.fromEntries(ASYNC.map((name) => [name, v.exactOptional(v.any())]));

/**
 * The extras with their defaults.
 *
 * @param given with the options beside them, unless a factory gives those
 * @throws Error that names everything that is wrong
 */
export function resolveExtras(given: Extras, hasFactory: boolean): Extras {
  const extras = EXTRA_NAMES.map((name) => [name, given[name as keyof Extras]]);
  const { value, findings } = hasFactory
    ? read(shape({ ...ASYNC_MEMBERS, ...MEMBERS }), given, 'forRootAsync')
    : read(shape(MEMBERS), Object.fromEntries(extras));
  if (findings.length > 0) throw new Error(`GlobalRevocationModule: ${findings.join('\n')}`);
  return { ...EXTRAS, ...value } as Extras;
}
