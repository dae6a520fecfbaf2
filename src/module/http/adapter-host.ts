import type { AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';

/** The used part of Nest's host of the adapter. */
type AdapterHost = Pick<HttpAdapterHost, 'httpAdapter'> & Partial<Pick<HttpAdapterHost, 'init$'>>;

/**
 * Calls `use` once the application has its HTTP adapter: at once with NestFactory, later with @nestjs/testing, and never in
 * a context without one, such as the CLI's. Nest before 11.1.4 does not announce it, so this watches the setter.
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
      // Before that, Fastify's adapter accepts no middleware.
      adapter.init = async () => {
        await init();
        use(adapter);
      };
    },
  });
}
