import type { TestDatabase } from '../support/databases.js';

/** Numbers of connections at which throughput is measured. */
export const CONNECTIONS = [1, 16, 64] as const;

/** Per second, one figure for each of {@link CONNECTIONS}. */
export interface Throughput {
  revocations: number[];
  commits: number[];
  trivial: number[];
}

export interface Introspection {
  /** Per second, as shipped. */
  checked: number;
  /** Per second, without any comparison of epochs. */
  unchecked: number;
  /** By which part `checked` is slower; medians of pairs measured together. */
  slower: number;
  /** Standard error of `slower`. */
  error: number;
  /** Microseconds of one query: as shipped, and without the join. */
  query: { joined: number; plain: number };
}

/** One oidc-provider, with different adapters. */
export const PROVIDERS = ['ours', 'memory', 'knex'] as const;

/** Introspections per second with each adapter, and SQL statements for each with ours. */
export type Providers = Record<(typeof PROVIDERS)[number] | 'statements', number>;

export interface Start {
  /** Milliseconds. */
  ready: number;
  /** MiB. */
  memory: number;
}

export interface Bulk {
  /** Users per second. */
  perSecond: number;
}

/** Milliseconds of a revocation, median, by number of tokens stored. */
export type Cost = ReadonlyMap<number, number>;

export interface Results {
  cost: Cost;
  bulk: Bulk;
  throughput: Throughput;
  introspection: Introspection;
  providers: Providers;
  start: Start;
}

type Name = TestDatabase['name'];

const measured = new Map<Name, Partial<Results>>();

/** Keeps a part for the documentation. */
export const keep = (name: Name, part: Partial<Results>): void =>
  void measured.set(name, { ...measured.get(name), ...part });

/** Everything that was measured. @throws Error when a part is missing: half a table is not written */
export function allResults(): Map<Name, Results> {
  for (const name of ['sqlite', 'mariadb', 'postgres'] as const) {
    const { cost, bulk, throughput, introspection, providers, start } = measured.get(name) ?? {};
    if (!cost || !bulk || !throughput || !introspection || !providers || !start)
      throw new Error(`${name} was not measured to the end`);
  }
  return measured as Map<Name, Results>;
}
