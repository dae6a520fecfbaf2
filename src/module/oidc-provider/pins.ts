import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { subjectKey } from '../revocation/subject-epochs.js';

/** Stamps of the users whose live credentials a request has loaded, by subject key. */
class Scope {
  readonly stamps = new Map<string, number>();
  closed = false;

  constructor(readonly request?: IncomingMessage) {}
}

const scopes = new AsyncLocalStorage<Scope>();

const openScope = (): Scope => {
  const scope = scopes.getStore();
  if (!scope || scope.closed)
    throw new Error('no request is open: credentials of a user are saved within pins() or pinned()');
  return scope;
};

/**
 * Middleware that opens the pins of a request and closes them with its response: the stamps that what is made in it
 * inherits. Registered before the provider and before Nest's router.
 */
export function pins(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const scope = new Scope(request);
  response.once('close', () => (scope.closed = true));
  scopes.run(scope, next);
}

/**
 * Runs a job that is no request, e.g. a CIBA result, with pins of its own.
 *
 * @param job loads the credential it works for, or pins the stamp that was stored with it
 * @returns what the job returns
 */
export async function pinned<T>(job: () => Promise<T>): Promise<T> {
  const scope = new Scope();
  try {
    return await scopes.run(scope, job);
  } finally {
    scope.closed = true;
  }
}

/**
 * Pins a user's stamp to this request: what is saved for the user from here on inherits it. Of two the older one stays.
 * Outside of {@link pins} and {@link pinned} it does nothing, and a credential that is saved there is refused with an error.
 *
 * @param subject canonical account id
 * @param stamp the epoch as `SubjectEpochs.pin` gave it **before** the first factor was checked, or the
 *   stamp of a live credential; never the epoch as it is now
 */
export const pin = (subject: string, stamp: number): void => pinKey(subjectKey(subject), stamp);

/** {@link pin} by subject key. Outside of a request it does nothing: reading a token in a job is no fault. */
export function pinKey(key: string, stamp: number): void {
  const stamps = scopes.getStore()?.stamps;
  stamps?.set(key, Math.min(stamps.get(key) ?? stamp, stamp));
}

/**
 * The stamp that a record of this user inherits (R3).
 *
 * @throws Error when no live credential of the user was loaded and no login pinned: there is no "else the current epoch"
 */
export function pinnedStamp(key: string): number {
  const stamp = openScope().stamps.get(key);
  if (stamp === undefined) throw new Error('a credential is saved for a user who neither signed in nor presented one');
  return stamp;
}

/** All pins of this request. */
export const currentPins = (): ReadonlyMap<string, number> => scopes.getStore()?.stamps ?? new Map();

/** The request within which this runs; undefined in a job. */
export const requestUnderWay = (): IncomingMessage | undefined => scopes.getStore()?.request;
