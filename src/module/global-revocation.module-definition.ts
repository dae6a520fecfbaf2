import { ConfigurableModuleBuilder, type ModuleMetadata, type Provider, VERSION_NEUTRAL } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { ClientRegistry } from './caller/clients/client-registry.js';
import { globalRevocationController } from './endpoint/global-revocation.controller.js';
import { coreEntities } from './entities.js';
import type { FeatureFlagStore } from './feature-flags/feature-flag.store.js';
import { type PortProvider, portProviders, portTokens, unusedEntities } from './global-revocation.module-ports.js';
import { ENDPOINT_DECLARATION } from './http/endpoint-route.js';
import type { ControllerVersion, DeclaredController } from './http/nest-internals.js';
import { checkedMembers, checkedProvider } from './startup/option-checks.js';
import { anything, listOf, must, type Rules } from './startup/option-rules.js';
import { flag } from './startup/option-shapes.js';
import { NEEDED_ENTITIES } from './startup/start-checks.js';
import { GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from './options/global-revocation.options.js';
import type { UserDirectory } from './subject/user-directory.js';

/** What `forRoot` and `forRootAsync` take beside the options: known before they are, because it shapes the module. */
const EXTRAS = {
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

const EXTRA_RULES: Rules<Extras> = {
  path: must((value) => typeof value === 'string', 'text'),
  version: anything,
  controllerDecorators: listOf(must((value) => typeof value === 'function', 'a decorator')),
  isGlobal: flag,
  imports: listOf(anything),
  providers: listOf(anything),
  userDirectory: anything,
  clientRegistry: anything,
  featureFlagStore: anything,
};

/** What `forRootAsync` takes beside {@link EXTRAS}. */
const ASYNC = ['useFactory', 'inject', 'useClass', 'useExisting', 'provideInjectionTokensFrom'];

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<GlobalRevocationOptions>({ optionsInjectionToken: GLOBAL_REVOCATION_OPTIONS })
    .setClassMethodName('forRoot')
    .setExtras(EXTRAS, (definition, given) => {
      const names = Object.keys(EXTRAS);
      const providers = (definition.providers ?? []).map((provider) => checkedProvider(provider, names));
      const isAsync = definition.providers?.some((provider) => 'inject' in provider);
      const extras = { ...EXTRAS, ...checkedMembers(EXTRA_RULES, given, isAsync ? [...ASYNC, ...names] : undefined) };
      const path = extras.path.replace(/^\/+|\/+$/g, '');
      const { version } = extras;
      const declaration: DeclaredController = { path, version, module: definition.module };
      const unused = unusedEntities(extras);
      const entities = coreEntities.filter((entity) => !unused.has(entity));
      return {
        ...definition,
        global: extras.isGlobal,
        imports: [...new Set([...(definition.imports ?? []), ...extras.imports]), TypeOrmModule.forFeature(entities)],
        controllers: [globalRevocationController({ path, version }, extras.controllerDecorators)],
        providers: [
          ...providers,
          { provide: ENDPOINT_DECLARATION, useValue: declaration },
          { provide: NEEDED_ENTITIES, useValue: entities },
          ...portProviders(extras),
          ...extras.providers,
        ],
        exports: [...(definition.exports ?? []), ...portTokens],
      };
    })
    .build();
