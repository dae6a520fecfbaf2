import { Inject, Injectable, type OnModuleInit, Scope, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ClientRegistry } from '../caller/clients/client-registry.js';
import { FeatureFlagStore } from '../feature-flags/feature-flag.store.js';
import { GLOBAL_REVOCATION_OPTIONS } from '../options/global-revocation.options.js';
import { UserDirectory } from '../subject/user-directory.js';
import { fatal, type Finding } from './finding.js';

const PORTS = { userDirectory: UserDirectory, clientRegistry: ClientRegistry, featureFlagStore: FeatureFlagStore };

/** Reports request-scoped implementations of the host, because they are also needed outside requests. */
export const scopeFindings = (modules: ModuleRef): Finding[] =>
  Object.entries(PORTS)
    .filter(([, port]) => modules.introspect(port as unknown as Type).scope === Scope.REQUEST)
    .map(([option]) => {
      const message = `${option} is created for each request, because it or a dependency is request-scoped: give it the default scope`;
      return fatal('scopes', message);
    });

const OPTIONS_OF_A_REQUEST =
  'GlobalRevocationModule: the options would be created for each request, because a provider in `useClass`, ' +
  '`useExisting` or `inject` of forRootAsync, or a dependency of it, is request-scoped: give it the default scope';

/** Checks that the options are created once. It does not inject them, because then it would be request-scoped itself. */
@Injectable()
export class OptionsScope implements OnModuleInit {
  constructor(@Inject(ModuleRef) private readonly modules: ModuleRef) {}

  /** @throws Error if the options are request-scoped, whatever the option `startChecks` is */
  onModuleInit(): void {
    const { scope } = this.modules.introspect(GLOBAL_REVOCATION_OPTIONS);
    if (scope === Scope.REQUEST) throw new Error(OPTIONS_OF_A_REQUEST);
  }
}
