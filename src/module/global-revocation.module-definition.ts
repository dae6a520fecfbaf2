import { ConfigurableModuleBuilder, type Provider } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { REVOCATION_DATA_SOURCE } from './database/revocation-data-source.js';
import { globalRevocationController } from './endpoint/global-revocation.controller.js';
import { coreEntities } from './entities.js';
import { EXTRA_NAMES, EXTRAS, resolveExtras } from './global-revocation.module-extras.js';
import { portProviders, portTokens, unusedEntities } from './global-revocation.module-ports.js';
import { ENDPOINT_DECLARATION, type EndpointDeclaration } from './http/endpoint-route.js';
import { NEEDED_ENTITIES } from './startup/start-checks.js';
import {
  GLOBAL_REVOCATION_OPTIONS,
  type GlobalRevocationOptions,
  resolveOptions,
} from './options/global-revocation.options.js';

/** Validates the options and fills in defaults in their provider; returns other providers unchanged. */
function resolvedProvider(provider: Provider): Provider {
  if (typeof provider === 'function' || provider.provide !== GLOBAL_REVOCATION_OPTIONS) return provider;
  const resolve = (given: unknown) => resolveOptions(given, EXTRA_NAMES);
  if ('useValue' in provider) return { provide: provider.provide, useFactory: () => resolve(provider.useValue) };
  if (!('useFactory' in provider)) return provider;
  return { ...provider, useFactory: async (...injected: unknown[]) => resolve(await provider.useFactory(...injected)) };
}

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<GlobalRevocationOptions>({ optionsInjectionToken: GLOBAL_REVOCATION_OPTIONS })
    .setClassMethodName('forRoot')
    .setExtras(EXTRAS, (definition, given) => {
      const providers = definition.providers ?? [];
      const extras = resolveExtras(
        given,
        providers.some((provider) => 'inject' in provider),
      );
      const path = extras.path.replace(/^\/+|\/+$/g, '');
      const { version } = extras;
      const controller = globalRevocationController({ path, version }, extras.controllerDecorators);
      const declaration: EndpointDeclaration = { path, version, module: definition.module, controller };
      const unused = unusedEntities(extras);
      const entities = coreEntities.filter((entity) => !unused.has(entity));
      return {
        ...definition,
        global: extras.isGlobal,
        imports: [
          ...new Set([...(definition.imports ?? []), ...extras.imports]),
          TypeOrmModule.forFeature(entities, extras.dataSource),
        ],
        controllers: [controller],
        providers: [
          ...providers.map(resolvedProvider),
          { provide: REVOCATION_DATA_SOURCE, useExisting: getDataSourceToken(extras.dataSource) },
          { provide: ENDPOINT_DECLARATION, useValue: declaration },
          { provide: NEEDED_ENTITIES, useValue: entities },
          ...portProviders(extras),
          ...extras.providers,
        ],
        exports: [...(definition.exports ?? []), ...portTokens],
      };
    })
    .build();
