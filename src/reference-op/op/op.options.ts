import type { JWKS } from 'oidc-provider';
import type { MutualTls } from 'nestjs-global-revocation';
import type { StorageKey } from 'nestjs-global-revocation/oidc-provider';

/** Injection token of {@link OpOptions}. */
export const OP_OPTIONS = Symbol('OP_OPTIONS');

/** Injection token of the adapters the provider stores its records with. */
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
  /** What seals what the database keeps. */
  storageKey: StorageKey;
  /** Lifetimes in seconds. */
  ttl: { accessToken: number; refreshToken: number; session: number };
  /** Wrong passwords from one source for one account within 5 minutes; 0: any number. @default 0 */
  signInTries?: number;
  /** How clients show certificates. @default no token is bound to one */
  mutualTls?: MutualTls | undefined;
}
