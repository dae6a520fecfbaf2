import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { isSameSecret } from 'nestjs-global-revocation/administration';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import { DEMO_PATH } from '../demo-data.js';
import type { ShopSession } from './shop/shop-sessions.js';
import type { SignIn } from './sign-in.js';

/** A pending request of this browser at the provider, by `state`. */
export type Pending = { kind: 'sign-in'; verifier: string; nonce: string } | { kind: 'silent'; question: string };

/** The result that the operator panel shows. */
export interface Outcome {
  /** HTTP status; 0: the endpoint could not be reached. */
  status: number;
  error?: string;
}

/** One browser at the demo page. */
export interface Visit {
  readonly id: string;
  /** A token for forms, so that other sites cannot submit them. */
  readonly csrf: string;
  readonly pending: Map<string, Pending>;
  signIn?: SignIn;
  /** At the second application. */
  shop?: ShopSession;
  outcome?: Outcome;
}

/** Maximum number of visits; the least recently active one is dropped first. */
export const MAX_VISITS = 500;
const MAX_PENDING = 16;

/** Visits in memory, found by a signed cookie that contains only their id. */
@Injectable()
export class Visits {
  private readonly visits = new Map<string, Visit>();
  private readonly key = randomBytes(32);

  /** Name of the cookie, and the path to which browsers send it. */
  protected readonly cookieName: string = 'demo_visit';
  protected readonly path: string = `/${DEMO_PATH}`;

  constructor(@Inject(DEMO_OPTIONS) private readonly options: DemoOptions) {}

  of({ headers }: IncomingMessage): Visit | undefined {
    const [, id = '', signature = ''] =
      new RegExp(`(?:^|; *)${this.cookieName}=([\\w-]+)\\.([\\w-]+)`).exec(headers.cookie ?? '') ?? [];
    const visit = isSameSecret(signature, this.sign(id)) ? this.visits.get(id) : undefined;
    if (!visit) return undefined;
    this.visits.delete(id);
    this.visits.set(id, visit);
    return visit;
  }

  /** Replaces a visit with a new one, so that a sign-in gets a fresh id. */
  begin(old?: Visit): Visit {
    if (old) this.visits.delete(old.id);
    const visit: Visit = { id: token(), csrf: token(), pending: new Map() };
    this.visits.set(visit.id, visit);
    dropOldest(this.visits, MAX_VISITS);
    return visit;
  }

  /** Returns the value of `Set-Cookie`. */
  cookie({ id }: Visit): string {
    const secure = this.options.issuer.startsWith('https:') ? '; Secure' : '';
    return `${this.cookieName}=${id}.${this.sign(id)}; Path=${this.path}; HttpOnly; SameSite=Lax${secure}`;
  }

  private sign(id: string): string {
    return createHmac('sha256', this.key).update(id).digest('base64url');
  }
}

/** Stores a pending request of this browser. */
export function remember(visit: Visit, state: string, pending: Pending): void {
  visit.pending.set(state, pending);
  dropOldest(visit.pending, MAX_PENDING);
}

/** Returns and removes the pending request with this `state`. */
export function recall({ pending }: Visit, state: string): Pending | undefined {
  const found = pending.get(state);
  pending.delete(state);
  return found;
}

const token = (): string => randomBytes(32).toString('base64url');

function dropOldest(map: Map<string, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}
