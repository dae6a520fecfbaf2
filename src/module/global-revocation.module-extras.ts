import { type ModuleMetadata, type Provider, VERSION_NEUTRAL } from '@nestjs/common';
import type { ControllerVersion } from './http/nest-internals.js';
import * as v from 'valibot';
import type { ClientRegistry } from './caller/clients/client-registry.js';
import type { FeatureFlagStore } from './feature-flags/feature-flag.store.js';
import type { PortProvider } from './global-revocation.module-ports.js';
import { flag, isFunction, listOf, type Members, must, read, shape } from './options/schema.js';
import type { UserDirectory } from './subject/user-directory.js';

/** Options of `forRoot` and `forRootAsync` that shape the module, so they cannot come from a factory. */
export const EXTRAS = {
  /**
   * Path of the endpoint.
   *
   * @default 'global-token-revocation'
   */
  path: 'global-token-revocation',
  /**
   * Name of the `DataSource` that has the module's tables, as in `TypeOrmModule.forRoot({ name: 'auth', … })`. `users.entity`
   * and the entities of `targets` belong to the same one.
   *
   * @default the `DataSource` without a name
   */
  dataSource: undefined as string | undefined,
  /**
   * Version of the endpoint if your application uses versioning. With the default, the URL that callers are configured with
   * needs no header and does not change with your default version.
   *
   * @default VERSION_NEUTRAL
   */
  version: VERSION_NEUTRAL as ControllerVersion,
  /**
   * Decorators for the controller of the endpoint, for example one that tells your global guard that the route is public.
   * Guards added this way run after those of the endpoint.
   *
   * @default []
   */
  controllerDecorators: [] as ClassDecorator[],
  /**
   * Whether all modules can inject the services without importing this module.
   *
   * @default false
   */
  isGlobal: false,
  /**
   * Modules with providers that your implementations below need.
   *
   * @default []
   */
  imports: [] as NonNullable<ModuleMetadata['imports']>,
  /**
   * Providers that replace those of the module, for example `{ provide: ScopeGuard, useClass: MyScopeGuard }`.
   *
   * @default []
   */
  providers: [] as Provider[],
  /**
   * Your own {@link UserDirectory}: a class, or a provider without `provide`. It replaces the option `users`.
   *
   * @default `TypeOrmUserDirectory`, with the option `users`
   */
  userDirectory: undefined as PortProvider<UserDirectory> | undefined,
  /**
   * Your own {@link ClientRegistry}: a class, or a provider without `provide`. Your `DataSource` then does not need
   * the entity `Client`.
   *
   * @default `TypeOrmClientRegistry`
   */
  clientRegistry: undefined as PortProvider<ClientRegistry> | undefined,
  /**
   * Your own {@link FeatureFlagStore}: a class, or a provider without `provide`. Your `DataSource` then does
   * not need the entity `FeatureFlag`.
   *
   * @default `TypeOrmFeatureFlagStore`
   */
  featureFlagStore: undefined as PortProvider<FeatureFlagStore> | undefined,
};

type Extras = typeof EXTRAS;

const MEMBERS = {
  path: v.exactOptional(must<string>('text', (value) => typeof value === 'string')),
  dataSource: v.exactOptional(must<string>('text', (value) => typeof value === 'string')),
  version: v.exactOptional(v.any()),
  controllerDecorators: v.exactOptional(listOf(must<ClassDecorator>('a decorator', isFunction))),
  isGlobal: v.exactOptional(flag),
  imports: v.exactOptional(listOf(v.any())),
  providers: v.exactOptional(listOf(v.any())),
  userDirectory: v.exactOptional(v.any()),
  clientRegistry: v.exactOptional(v.any()),
  featureFlagStore: v.exactOptional(v.any()),
} satisfies Members<Extras>;

export const EXTRA_NAMES = Object.keys(EXTRAS);

/** Options of `forRootAsync` besides {@link EXTRAS}. */
const ASYNC = ['useFactory', 'inject', 'useClass', 'useExisting', 'provideInjectionTokensFrom'];
const ASYNC_MEMBERS = Object.fromEntries(ASYNC.map((name) => [name, v.exactOptional(v.any())]));

/**
 * Returns the extras with their defaults.
 *
 * @param given extras, together with the options unless a factory provides them
 * @throws Error that lists all findings
 */
export function resolveExtras(given: Extras, hasFactory: boolean): Extras {
  const extras = EXTRA_NAMES.map((name) => [name, given[name as keyof Extras]]);
  const { value, findings } = hasFactory
    ? read(shape({ ...ASYNC_MEMBERS, ...MEMBERS }), given, 'forRootAsync')
    : read(shape(MEMBERS), Object.fromEntries(extras));
  if (findings.length > 0) throw new Error(`GlobalRevocationModule: ${findings.join('\n')}`);
  return { ...EXTRAS, ...value } as Extras;
}
