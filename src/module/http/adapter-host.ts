import type { AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';

/** The used part of Nest's host of the adapter. */
type AdapterHost = Pick<HttpAdapterHost, 'httpAdapter'> & Partial<Pick<HttpAdapterHost, 'init$'>>;

/**
 * Calls `use` as soon as the application has its HTTP adapter: at once under NestFactory, later under @nestjs/testing, and
 * never in a context without one, such as the CLI's. Nest before 11.1.4 does not announce it: then its setter is watched.
 */
export function onHttpAdapter(host: AdapterHost, use: (adapter: AbstractHttpAdapter) => void): void {
  const current = (): AbstractHttpAdapter | undefined => host.httpAdapter as AbstractHttpAdapter | undefined;
  const useIt = (): void => {
    const adapter = current();
    if (adapter) use(adapter);
  };
  if (host.init$) return void host.init$.subscribe(useIt);
  if (current()) return useIt();
  // That of an earlier call, which has to see the adapter too, or Nest's.
  const [accessor] = [host, Object.getPrototypeOf(host) as object].flatMap(
    (owner) => Object.getOwnPropertyDescriptor(owner, 'httpAdapter') ?? [],
  );
  Object.defineProperty(host, 'httpAdapter', {
    configurable: true,
    get: () => accessor!.get!.call(host) as unknown,
    set: (adapter: AbstractHttpAdapter) => {
      accessor!.set!.call(host, adapter);
      const init = adapter.init?.bind(adapter);
      if (!init) return use(adapter);
      // Fastify's takes no middleware before.
      adapter.init = async () => {
        await init();
        use(adapter);
      };
    },
  });
}
