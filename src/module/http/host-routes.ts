import type { AbstractHttpAdapter } from '@nestjs/core';

/** The used part of a Fastify instance. */
interface Fastify {
  hasRoute(route: { method: 'GET'; url: string }): boolean;
}

/** The used part of an Express application. */
interface Express {
  router: { stack: Array<{ route?: { path: unknown; methods: Record<string, boolean | undefined> } }> };
}

/** Returns whether the application has registered a route for GET requests of exactly this path. */
export function hasGetRoute(adapter: AbstractHttpAdapter, path: string): boolean {
  if (adapter.getType() === 'fastify') {
    const fastify = adapter.getInstance<Fastify>();
    return [path, `${path}/`].some((url) => fastify.hasRoute({ method: 'GET', url }));
  }
  const { stack } = adapter.getInstance<Express>().router;
  const paths = stack.filter(({ route }) => route?.methods['get']).flatMap(({ route }) => [route!.path].flat());
  return paths.some((each) => typeof each === 'string' && each.toLowerCase().replace(/\/$/, '') === path.toLowerCase());
}
