import { Inject, Injectable, type OnModuleInit, Scope, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ClientRegistry } from '../caller/clients/client-registry.js';
import { FeatureFlagStore } from '../feature-flags/feature-flag.store.js';
import { GLOBAL_REVOCATION_OPTIONS } from '../options/global-revocation.options.js';
import { UserDirectory } from '../subject/user-directory.js';
import { fatal, type Finding } from './finding.js';

const PORTS = { userDirectory: UserDirectory, clientRegistry: ClientRegistry, featureFlagStore: FeatureFlagStore };

/** Whether what the host put in the place of ours is made once: what depends on it is asked outside of requests, too. */
export const scopeFindings = (modules: ModuleRef): Finding[] =>
  Object.entries(PORTS)
    .filter(([, port]) => modules.introspect(port as unknown as Type).scope === Scope.REQUEST)
    .map(([option]) => {
      const message = `${option} is created for each request, because it or a dependency is request-scoped: give it the default scope`;
      return fatal('scopes', message);
    });

const OPTIONS_OF_A_REQUEST =
  'GlobalRevocationModule: the options are made anew for each request, what forRootAsync names in `useClass`, ' +
  '`useExisting` or `inject` is request-scoped or depends on something that is: give it the default scope';

/** Whether the options are made once. Depends on none of them: whatever does would not be made at the start either. */
@Injectable()
export class OptionsScope implements OnModuleInit {
  constructor(@Inject(ModuleRef) private readonly modules: ModuleRef) {}

  /** @throws Error when they are not, whatever `startChecks` says */
  onModuleInit(): void {
    const { scope } = this.modules.introspect(GLOBAL_REVOCATION_OPTIONS);
    if (scope === Scope.REQUEST) throw new Error(OPTIONS_OF_A_REQUEST);
  }
}
