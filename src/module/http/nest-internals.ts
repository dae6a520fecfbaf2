import { type ControllerOptions, RequestMethod, type Type } from '@nestjs/common';
import { MODULE_PATH } from '@nestjs/common/constants.js';
import type { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';

/** Version of a controller, as Nest defines it. */
export type ControllerVersion = NonNullable<ControllerOptions['version']>;

/** A controller with one POST route at its own path. */
export interface DeclaredController {
  /** Path without surrounding slashes. */
  path: string;
  version: ControllerVersion;
  /** Module of the controller. `RouterModule` may give it a path. */
  module: Type;
}

/**
 * Returns every path that Nest's router registers for a controller: below the global prefix, version and module path,
 * one per version. Nest has no public API for this, so only this file imports undocumented paths of Nest. Its spec
 * fails if an update changes them.
 */
export function routerPaths(
  config: ApplicationConfig,
  modules: ModulesContainer,
  { path, version, module }: DeclaredController,
): string[] {
  const versioning = config.getVersioning();
  const prefix = config.getGlobalPrefix();
  const modulePath = modulePathOf(modules.applicationId, module);
  return new RoutePathFactory(config).create(
    {
      ctrlPath: `/${path}`,
      methodPath: '/',
      ...(modulePath !== undefined && { modulePath }),
      globalPrefix: prefix && `/${prefix.replace(/^\//, '')}`,
      ...(versioning && { controllerVersion: version, versioningOptions: versioning }),
    },
    RequestMethod.POST,
  );
}

function modulePathOf(applicationId: string, module: Type): string | undefined {
  const own: unknown = Reflect.getMetadata(MODULE_PATH + applicationId, module);
  return (own ?? Reflect.getMetadata(MODULE_PATH, module)) as string | undefined;
}
