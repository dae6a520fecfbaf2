import { Inject, Injectable, type Type } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { type DeclaredController, routerPaths } from './nest-internals.js';
import { requestPath } from './request-target.js';

/** The controller of the endpoint. */
export interface EndpointDeclaration extends DeclaredController {
  controller: Type;
}

export const ENDPOINT_DECLARATION = Symbol('ENDPOINT_DECLARATION');

/** Form of an id in the address of the state of a revocation. */
const STATE_ID = /^[\w-]{96}$/;

/**
 * Path and URL of the endpoint as the router serves it: below the host's global prefix, version and module path. Use it
 * in requests, not in constructors, because the host sets these later.
 *
 * @publicApi
 */
@Injectable()
export class EndpointRoute {
  private served?: ReadonlySet<string>;
  private readonly stateBases = new Map<string | undefined, string>();

  constructor(
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ENDPOINT_DECLARATION) private readonly declaration: EndpointDeclaration,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Declared path, without the host's prefixes. */
  get declaredPath(): string {
    return this.declaration.path;
  }

  /** The controller, with the decorators of the host. */
  get controller(): Type {
    return this.declaration.controller;
  }

  /** Returns how many modules declare this path: more than one if `forRoot` was called again. */
  declarations(): number {
    const { path } = this.declaration;
    const declared = [...this.modules.values()].map((module) => module.getProviderByKey(ENDPOINT_DECLARATION));
    return declared.filter((wrapper) => (wrapper?.instance as DeclaredController | undefined)?.path === path).length;
  }

  /** Returns all paths of the endpoint: one per version. */
  paths(): string[] {
    return routerPaths(this.config, this.modules, this.declaration);
  }

  /** Returns whether the router may match this request target. Not called before the first request. */
  isAt(url: string | undefined): boolean {
    return this.serves(requestPath(url));
  }

  /** Like {@link isAt}, for the state of a revocation. @internal */
  isStateAt(url: string | undefined): boolean {
    const [, above, id = ''] = /^(.*)\/([^/]*)$/.exec(requestPath(url)) ?? [];
    return STATE_ID.test(id) && this.serves(above!);
  }

  private serves(path: string): boolean {
    this.served ??= new Set(this.paths().map((each) => requestPath(each)));
    return this.served.has(path);
  }

  /**
   * Returns the published URL: issuer and path, never from `Host`. A path that already begins with the path of the
   * issuer does not repeat it.
   *
   * @param base replaces the issuer
   * @see RFC 8414 §2
   */
  url(base = this.options.issuer): string {
    const issuer = base.replace(/\/$/, '');
    const below = new URL(issuer).pathname.replace(/\/$/, '');
    const path = this.paths()[0]!;
    return below !== '' && path.startsWith(`${below}/`) ? issuer.slice(0, -below.length) + path : issuer + path;
  }

  /** Returns the published URL of the state of a revocation. Not called before the first request. @param base replaces the issuer @internal */
  stateUrl(id: string, base?: string): string {
    const url = this.stateBases.get(base) ?? this.url(base);
    this.stateBases.set(base, url);
    return `${url}/${id}`;
  }
}
