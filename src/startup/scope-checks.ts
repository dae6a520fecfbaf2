import { Scope, type Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { ClientRegistry } from '../caller/client-registry.js';
import { FeatureFlagStore } from '../feature-flags/feature-flag.store.js';
import { UserDirectory } from '../subject/user-directory.js';
import { fatal, type Finding } from './finding.js';

const PORTS = { userDirectory: UserDirectory, clientRegistry: ClientRegistry, featureFlagStore: FeatureFlagStore };

/** Whether what the host put in the place of ours is made once: what depends on it is asked outside of requests, too. */
export const scopeFindings = (modules: ModuleRef): Finding[] =>
  Object.entries(PORTS)
    .filter(([, port]) => modules.introspect(port as unknown as Type).scope === Scope.REQUEST)
    .map(([option]) => {
      const fault = `${option} is made anew for each request, it or what it depends on is request-scoped: give it the default scope`;
      return fatal('scopes', fault);
    });
