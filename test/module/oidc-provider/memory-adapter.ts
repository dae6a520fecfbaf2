import type { Adapter } from 'oidc-provider';

type Adapters = (model: string) => Adapter;

/** Of the library, which names no types for it. */
const IN_MEMORY: string = 'oidc-provider/lib/adapters/memory_adapter.js';
const library = (await import(IN_MEMORY)) as {
  /** Not in early versions of oidc-provider 9. */
  createMemoryAdapter?: () => Adapters;
  default: new (model: string) => Adapter;
};

export const { createMemoryAdapter } = library;

/** oidc-provider's adapter in memory. */
export const memoryAdapters = (): Adapters => createMemoryAdapter?.() ?? ((model) => new library.default(model));
