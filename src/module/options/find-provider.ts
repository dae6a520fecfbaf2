import { Scope, type Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

/**
 * Returns the provider of a class that an option lists. Searches all modules, because any of them may provide it.
 *
 * @param option name of the option
 * @throws Error if it is not provided, or not in the default scope
 */
export function findProvider<T>(modules: ModuleRef, type: Type<T>, option: string): T {
  const name = `GlobalRevocationModule: ${option}: ${type.name}`;
  let scope: Scope;
  try {
    ({ scope = Scope.DEFAULT } = modules.introspect(type));
  } catch (cause) {
    throw new Error(`${name} is missing: add it to the providers of a module`, { cause });
  }
  if (scope !== Scope.DEFAULT) {
    throw new Error(`${name}: it or a dependency is request-scoped or transient: use the default scope`);
  }
  return modules.get(type, { strict: false });
}
