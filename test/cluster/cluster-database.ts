import type { TcpProxy } from './tcp-proxy.js';

/** How long an outage lasts, in milliseconds: longer than the time limit of the server, and than a group waits for a member. */
export const OUTAGE_MS = 8000;

/** Of the database account, and of the people who sign in. */
export const PASSWORD = 'only-on-loopback';

/** Something happens to the database, and is over when this resolves. @param proxies between the nodes and the database */
export type Fault = (proxies: readonly TcpProxy[]) => Promise<void>;

/** Several database servers that act as one. */
export interface Cluster {
  name: string;
  /** Where each node of the application finds its database. */
  ports: readonly number[];
  /** `DATABASE_URL` for this port. */
  url: (port: number) => string;
  /** By name. None of them may weaken a guarantee. */
  faults: Record<string, Fault>;
  /** By name: what a guarantee does not hold for. */
  unsafe: Record<string, Fault>;
  stop: () => Promise<void>;
}
