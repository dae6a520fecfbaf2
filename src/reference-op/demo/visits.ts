import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { isSameSecret } from 'nestjs-global-revocation/administration';
import { DEMO_OPTIONS, type DemoOptions } from './demo.options.js';
import type { SignIn } from './sign-in.js';

/** A request this browser was sent to the provider with, by `state`. */
export type Pending = { kind: 'sign-in'; verifier: string; nonce: string } | { kind: 'silent'; question: string };

/** What the operator panel was told. */
export interface Outcome {
  /** HTTP status; 0: the endpoint could not be reached. */
  status: number;
  error?: string;
}

/** One browser at the demo page. */
export interface Visit {
  readonly id: string;
  /** Goes into forms, so that another site cannot send them. */
  readonly csrf: string;
  readonly pending: Map<string, Pending>;
  signIn?: SignIn;
  outcome?: Outcome;
}

/** Most visits that are kept; the one that was away the longest goes first. */
export const MAX_VISITS = 500;
const MAX_PENDING = 16;
const COOKIE = 'demo_visit';

/** Visits in memory, found by a signed cookie that holds nothing but their id. */
@Injectable()
export class Visits {
  private readonly visits = new Map<string, Visit>();
  private readonly key = randomBytes(32);

  constructor(@Inject(DEMO_OPTIONS) private readonly options: DemoOptions) {}

  of({ headers }: IncomingMessage): Visit | undefined {
    const [, id = '', signature = ''] =
      new RegExp(`(?:^|; *)${COOKIE}=([\\w-]+)\\.([\\w-]+)`).exec(headers.cookie ?? '') ?? [];
    const visit = isSameSecret(signature, this.sign(id)) ? this.visits.get(id) : undefined;
    if (!visit) return undefined;
    this.visits.delete(id);
    this.visits.set(id, visit);
    return visit;
  }

  /** A new visit in place of an old one: who signs in gets an id that nobody knew before. */
  begin(old?: Visit): Visit {
    if (old) this.visits.delete(old.id);
    const visit: Visit = { id: token(), csrf: token(), pending: new Map() };
    this.visits.set(visit.id, visit);
    dropOldest(this.visits, MAX_VISITS);
    return visit;
  }

  /** Value of `Set-Cookie`. */
  cookie({ id }: Visit): string {
    const secure = this.options.issuer.startsWith('https:') ? '; Secure' : '';
    return `${COOKIE}=${id}.${this.sign(id)}; Path=/demo; HttpOnly; SameSite=Lax${secure}`;
  }

  private sign(id: string): string {
    return createHmac('sha256', this.key).update(id).digest('base64url');
  }
}

/** Remembers that this browser is on its way to the provider. */
export function remember(visit: Visit, state: string, pending: Pending): void {
  visit.pending.set(state, pending);
  dropOldest(visit.pending, MAX_PENDING);
}

/** What the browser that comes back with this `state` was sent for; once. */
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
