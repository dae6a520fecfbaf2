import type { TestDatabase } from '../../support/databases.js';

/** A way to end everything of one user with one HTTP request. */
export interface Peer {
  /** What it calls its tokens. */
  credentials: string;
  /** Gives the user so many credentials. What is left from before is removed first. */
  fill(count: number): Promise<void>;
  /** Sends the request. @throws Error unless the answer says that all has ended */
  end(): Promise<void>;
  /** How many credentials are still accepted. */
  survivors(): Promise<number>;
  close(): Promise<void>;
}

export type OpenPeer = (database: TestDatabase) => Promise<Peer>;
