import * as v from 'valibot';
import { isFunction, type Members, must, pathBelowIssuer, shape, wholeNumber } from './schema.js';

/**
 * Signs the claims of a status list as a JWS in compact form, with a key that `jwks_uri` of the issuer publishes.
 *
 * @param header `typ` of the token; add `alg` and `kid`
 * @publicApi
 */
export type StatusListSigner = (
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<{ typ: string }>,
) => string | Promise<string>;

/** How status lists are signed and served. @publicApi */
export interface StatusListSettings {
  /** Signs the lists with a key of your access tokens: `jwksSigner(jwks)`, or a function of your own. */
  signer: StatusListSigner;
  /**
   * Path of the lists below the path of `issuer`, without slashes around it. Prefixes, versions and guards of the application
   * do not apply to it.
   *
   * @default 'status-lists'
   */
  path?: string;
  /**
   * How long an API may use a list before it fetches a newer one, in seconds. A revocation reaches each API within this time
   * and one second. While no newer list can be fetched, a list stays valid for five times as long.
   *
   * @default 15
   */
  ttlSeconds?: number;
  /**
   * Longest lifetime of a token that refers to a list, in seconds. A list is kept for that long after the last token that refers
   * to it was issued; an API accepts no token whose list no longer exists.
   *
   * @default 86400
   */
  tokenLifetimeSeconds?: number;
}

/** Status lists, which tell APIs that a JWT access token has ended. @publicApi */
export interface StatusListOptions {
  /**
   * Serves status lists, to which JWTs refer by the claim of `StatusLists.referenceFor()`. Pages of any origin may read them.
   *
   * @default not set: there are no status lists
   * @see draft-ietf-oauth-status-list
   */
  statusLists?: StatusListSettings;
}

const statusLists = {
  signer: must<StatusListSigner>('a function', isFunction),
  path: v.optional(pathBelowIssuer, 'status-lists'),
  ttlSeconds: v.optional(wholeNumber(1, 3600), 15),
  tokenLifetimeSeconds: v.optional(wholeNumber(1, 31_536_000), 86_400),
} satisfies Members<StatusListSettings>;

export const statusListOptions = {
  statusLists: v.exactOptional(shape(statusLists)),
} satisfies Members<StatusListOptions>;
