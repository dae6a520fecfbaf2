import { Inject, Injectable } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { type DeclaredController, routerPaths } from './nest-internals.js';

/** Injection token of the {@link DeclaredController} that is the endpoint. */
export const ENDPOINT_DECLARATION = Symbol('ENDPOINT_DECLARATION');

/**
 * Where the endpoint really is: its path below the host's global prefix, version and module path, as the router makes it.
 * Known once the host has set them, so ask for it in a request and not in a constructor.
 *
 * @publicApi
 */
@Injectable()
export class EndpointRoute {
  private served?: ReadonlySet<string>;

  constructor(
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ENDPOINT_DECLARATION) private readonly declaration: DeclaredController,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** The path as it was declared, without what the host puts in front of it. */
  get declaredPath(): string {
    return this.declaration.path;
  }

  /** How many modules of this application have declared this path: one, unless `forRoot` was called again. */
  declarations(): number {
    const { path } = this.declaration;
    const declared = [...this.modules.values()].map((module) => module.getProviderByKey(ENDPOINT_DECLARATION));
    return declared.filter((wrapper) => (wrapper?.instance as DeclaredController | undefined)?.path === path).length;
  }

  /** Every path that the router answers at: one, unless it has several versions. */
  paths(): string[] {
    return routerPaths(this.config, this.modules, this.declaration);
  }

  /** Whether the router may answer this request target with the endpoint. Not asked before the first request. */
  isAt(url: string | undefined): boolean {
    this.served ??= new Set(this.paths().map((path) => path.toLowerCase()));
    return this.served.has(routed(url));
  }

  /**
   * The URL we publish and compare with: issuer and path, never from `Host`. An issuer whose own path the route begins with
   * is not followed by it twice.
   *
   * @param base takes the place of the issuer
   * @see RFC 8414 §2
   */
  url(base = this.options.issuer): string {
    const issuer = base.replace(/\/$/, '');
    const below = new URL(issuer).pathname.replace(/\/$/, '');
    const path = this.paths()[0]!;
    return below !== '' && path.startsWith(`${below}/`) ? issuer.slice(0, -below.length) + path : issuer + path;
  }
}

/**
 * The path as the most lenient router reads it: case, a trailing slash and percent-encoding do not count. Whatever reaches
 * the handler has passed the middleware. @see RFC 9112 §3.2.2 for the absolute form
 */
function routed(url = ''): string {
  const path = url.split('?', 1)[0]!.replace(/^https?:\/\/[^/]*/i, '');
  return decoded(path)
    .toLowerCase()
    .replace(/(?<=.)\/$/, '');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // no router finds it either
  }
}
