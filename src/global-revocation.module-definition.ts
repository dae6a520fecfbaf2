import { ConfigurableModuleBuilder } from '@nestjs/common';
import { globalRevocationController } from './endpoint/global-revocation.controller.js';
import { ENDPOINT_PATH, GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from './global-revocation.options.js';

const EXTRAS = {
  /** Path of the endpoint. Known before the options are, because routes are fixed when the module is declared. */
  path: 'global-token-revocation',
  /** Whether the services are visible everywhere without importing the module. */
  isGlobal: false,
};

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<GlobalRevocationOptions>({ optionsInjectionToken: GLOBAL_REVOCATION_OPTIONS })
    .setClassMethodName('forRoot')
    .setExtras(EXTRAS, (definition, extras) => {
      const path = extras.path.replace(/^\/+|\/+$/g, '');
      return {
        ...definition,
        global: extras.isGlobal,
        controllers: [globalRevocationController(path)],
        providers: [...(definition.providers ?? []), { provide: ENDPOINT_PATH, useValue: path }],
      };
    })
    .build();
