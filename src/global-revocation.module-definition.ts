import { ConfigurableModuleBuilder, type ModuleMetadata } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { globalRevocationController } from './endpoint/global-revocation.controller.js';
import { coreEntities } from './entities.js';
import { portProviders, type Ports, unusedEntities } from './global-revocation.module-ports.js';
import { ENDPOINT_PATH, GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from './global-revocation.options.js';

/** What `forRoot` and `forRootAsync` take beside the options: known before they are, because it shapes the module. */
const EXTRAS = {
  /**
   * Path of the endpoint: routes are fixed when the module is declared.
   *
   * @default 'global-token-revocation'
   */
  path: 'global-token-revocation',
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
   * Your own {@link UserDirectory}: a class, or a provider without `provide`. The option `users` is not needed then.
   *
   * @default TypeOrmUserDirectory, with the option `users`
   */
  userDirectory: undefined as Ports['userDirectory'],
  /**
   * Your own {@link ClientRegistry}: a class, or a provider without `provide`. The entity `Client` need not be in your
   * `DataSource` then.
   *
   * @default TypeOrmClientRegistry
   */
  clientRegistry: undefined as Ports['clientRegistry'],
  /**
   * Your own {@link FeatureFlagStore}: a class, or a provider without `provide`. The entity `FeatureFlag` need not be in
   * your `DataSource` then.
   *
   * @default TypeOrmFeatureFlagStore
   */
  featureFlagStore: undefined as Ports['featureFlagStore'],
};

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<GlobalRevocationOptions>({ optionsInjectionToken: GLOBAL_REVOCATION_OPTIONS })
    .setClassMethodName('forRoot')
    .setExtras(EXTRAS, (definition, extras) => {
      const path = extras.path.replace(/^\/+|\/+$/g, '');
      const unused = unusedEntities(extras);
      return {
        ...definition,
        global: extras.isGlobal,
        imports: [
          ...new Set([...(definition.imports ?? []), ...extras.imports]),
          TypeOrmModule.forFeature(coreEntities.filter((entity) => !unused.has(entity))),
        ],
        controllers: [globalRevocationController(path)],
        providers: [
          ...(definition.providers ?? []),
          { provide: ENDPOINT_PATH, useValue: path },
          ...portProviders(extras),
        ],
      };
    })
    .build();
