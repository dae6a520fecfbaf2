import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors } from 'oidc-provider';
import { subjectKey } from '../revocation/subject-epochs.js';
import { type UpstreamSession, upstreamKey } from '../revocation/upstream-session.js';

/** Where an upstream session comes from: a loaded credential, the interaction of a sign-in, or the sign-in itself. */
const STEPS = ['credential', 'interaction', 'sign-in'] as const;
type SignInStep = (typeof STEPS)[number];

/** What new credentials inherit in one request or job, by subject key. */
class Context {
  readonly epochs = new Map<string, number>();
  readonly upstreams = new Map<string, { upstream: string; step: SignInStep }>();
  closed = false;

  constructor(
    readonly request?: IncomingMessage,
    private readonly response?: ServerResponse,
  ) {}

  /** Whether the client has hung up before its answer: nothing is issued any more, and nobody is to blame. */
  get isAborted(): boolean {
    return this.closed && this.response?.writableFinished === false;
  }
}

const contexts = new AsyncLocalStorage<Context>();

const openContext = (): Context => {
  const context = contexts.getStore();
  if (context?.isAborted) throw new errors.OIDCProviderError(400, 'request_aborted');
  if (!context || context.closed)
    throw new Error(
      'no epoch context: mount `epochContext` before the provider, and run jobs in `runInEpochContext(job)`',
    );
  return context;
};

/**
 * Middleware that opens the epoch context of a request and closes it with the response. Mount it before the provider and
 * before Nest's router (R2).
 *
 * @publicApi
 */
export function epochContext(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const context = new Context(request, response);
  response.once('close', () => (context.closed = true));
  contexts.run(context, next);
}

/**
 * Runs a job outside a request, for example a CIBA result, in its own epoch context.
 *
 * @param job loads the credential it works for, or calls {@link inheritEpoch} with the epoch stored with it
 * @returns what the job returns
 * @publicApi
 */
export async function runInEpochContext<T>(job: () => Promise<T>): Promise<T> {
  const context = new Context();
  try {
    return await contexts.run(context, job);
  } finally {
    context.closed = true;
  }
}

/**
 * Makes everything saved for a user in this context inherit the epoch. If it is called twice for one user, the older
 * epoch remains. Outside of an epoch context it has no effect, and saving a credential throws.
 *
 * @param subject canonical account id
 * @param epoch what `SubjectEpochs.epochForSignIn` returned **before** the first factor was checked, or the epoch of a live
 *   credential; never the current epoch
 * @param upstream session at the identity provider in which the user signed in, for identity providers with
 *   `logoutEnds: 'session'`
 * @throws TypeError if `subject`, or a part of `upstream`, is not a non-empty string
 * @publicApi
 */
export function inheritEpoch(subject: string, epoch: number, upstream?: UpstreamSession): void {
  const [key, session] = [subjectKey(subject), upstream && upstreamKey(upstream)];
  inheritEpochByKey(key, epoch);
  if (session !== undefined) inheritUpstreamByKey(key, session, 'sign-in');
}

/** {@link inheritEpoch} by subject key. A job without a context may read tokens. */
export function inheritEpochByKey(key: string, epoch: number): void {
  const epochs = contexts.getStore()?.epochs;
  epochs?.set(key, Math.min(epochs.get(key) ?? epoch, epoch));
}

/**
 * Makes new records of this user inherit the upstream session. Of several, that of the latest step remains: a person may sign in
 * again, in another upstream session, in a browser that still has the earlier one.
 */
export function inheritUpstreamByKey(key: string, upstream: string, step: SignInStep): void {
  const upstreams = contexts.getStore()?.upstreams;
  const known = upstreams?.get(key);
  if (step === 'sign-in' || !known || STEPS.indexOf(step) > STEPS.indexOf(known.step))
    upstreams?.set(key, { upstream, step });
}

/** Returns the key of the upstream session that a new record of this user inherits; null if there is none. */
export const inheritedUpstream = (key: string): string | null =>
  contexts.getStore()?.upstreams.get(key)?.upstream ?? null;

/**
 * Returns the epoch that a new record of this user inherits (R3).
 *
 * @throws Error if no live credential of the user was loaded and the user did not sign in. There is no fallback to the
 *   current epoch
 */
export function inheritedEpoch(key: string): number {
  const epoch = openContext().epochs.get(key);
  if (epoch === undefined)
    throw new Error(
      'no epoch for this user in the current request: call `epochForSignIn(accountId)` before you check the password, ' +
        'and mount `epochContext` before the provider',
    );
  return epoch;
}

/**
 * Returns the epoch that a credential of this user inherits in this context. Put it into JWTs, which have no row that could
 * carry it: as the claim `epoch`, in `extraTokenClaims` of oidc-provider.
 *
 * @param subject canonical account id
 * @throws Error if there is none to inherit, as when a credential is saved (R3)
 * @publicApi
 */
export const epochToInherit = (subject: string): number => inheritedEpoch(subjectKey(subject));

/** Returns all epochs of this context by subject key. */
export const inheritedEpochs = (): ReadonlyMap<string, number> => contexts.getStore()?.epochs ?? new Map();

/** Returns the keys of all upstream sessions of this context by subject key. */
export const inheritedUpstreams = (): ReadonlyMap<string, string> =>
  new Map([...(contexts.getStore()?.upstreams ?? [])].map(([key, { upstream }]) => [key, upstream]));

/** Returns the request of this context; undefined in a job. */
export const requestUnderWay = (): IncomingMessage | undefined => contexts.getStore()?.request;
