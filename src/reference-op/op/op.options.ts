import type { JWKS } from 'oidc-provider';
import type { MutualTls } from 'nestjs-global-revocation';
import type { StorageKey } from 'nestjs-global-revocation/oidc-provider';

/** Injection token of {@link OpOptions}. */
export const OP_OPTIONS = Symbol('OP_OPTIONS');

/** Injection token of the adapters that store the records of the provider. */
export const OIDC_ADAPTERS = Symbol('OIDC_ADAPTERS');

/** Injection token of oidc-provider's `Provider`. */
export const OIDC_PROVIDER = Symbol('OIDC_PROVIDER');

/** Options of {@link OpModule}. */
export interface OpOptions {
  /** Issuer identifier, at the root of its host. */
  issuer: string;
  /** Private keys that sign ID tokens. */
  signingKeys: JWKS;
  /** Keys that sign cookies, newest first. */
  cookieKeys: string[];
  /** The key that encrypts ids in the database. */
  storageKey: StorageKey;
  /** Lifetimes in seconds. */
  ttl: { accessToken: number; refreshToken: number; session: number };
  /** Wrong passwords from one source for one account within 5 minutes; 0: no limit. @default 0 */
  signInTries?: number;
  /** Identifiers of APIs whose access tokens are JWTs; needs the option `statusLists` of the module. @default [] */
  jwtAudiences?: readonly string[];
  /** Whether sign-outs and revocations are told to relying parties; needs the sink `BackchannelLogout`. @default false */
  backchannelLogout?: boolean;
  /** Whether clients may have the scopes of Shared Signals. @default false */
  sharedSignals?: boolean;
  /** How clients present certificates. @default tokens are not bound to certificates */
  mutualTls?: MutualTls | undefined;
}
