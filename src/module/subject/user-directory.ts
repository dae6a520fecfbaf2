import type { EmailCase } from './formats/identifier-format.js';
import type { Rfc9493Format } from './formats/identifier-formats.js';
import type { UserIdentifier } from './user-identifier.js';

/** A user that an identifier may name. @publicApi */
export interface UserCandidate {
  /** Canonical account id (`sub`) that tokens and sessions belong to. */
  subject: string;
  /**
   * The identifier's value **as stored**, not as requested. The module compares it in canonical form, so a collation
   * that equates `ADMIN` and `admin` does no harm.
   */
  value: string;
  /** Stored issuer of `value`, for `iss_sub`. */
  issuer?: string;
  /** Whether the user is marked as deleted. All matching deleted users are revoked, besides the first other match. */
  isDeleted?: boolean;
  /** Tenant of the user. A caller that is restricted to a tenant cannot name a user without one. */
  tenant?: string;
}

/** Limits of a search. @publicApi */
export interface CandidateRange {
  /** Most candidates to return. */
  limit: number;
  /** The caller may name only users of this tenant. Optional for your query: the module checks again. */
  tenant?: string;
}

/**
 * Port: finds users. Replace it if your users are not rows of one table, for example in LDAP. Calls are subject to the
 * database deadline; if it throws, the answer is 503.
 *
 * @publicApi
 */
export abstract class UserDirectory {
  /** RFC 9493 formats that {@link find} supports. `aliases` is always supported; others are answered 400. */
  abstract readonly formats: readonly Rfc9493Format[];

  /** Attribute names of the Janssen profile that {@link find} supports. */
  readonly attributes: readonly string[] = [];

  /** Whether the case of an e-mail address before the `@` counts. */
  readonly emailCase: EmailCase = 'ignored';

  /**
   * Returns the users that the identifier may name, always in the same order: the first exact match is revoked. Search
   * for `identifier.value` and `identifier.canonical`. Take equally long whether the user exists or not.
   * Users that are only marked as deleted may still have tokens: return them before the others.
   */
  abstract find(identifier: UserIdentifier, range: CandidateRange): Promise<readonly UserCandidate[]>;

  /**
   * Returns whether the value of an identifier is itself the account id. Such an identifier also names a user whose row you
   * have deleted, as long as the user has ever signed in. By default this holds for `opaque`, and for `iss_sub` with our issuer.
   */
  isAccountId({ profile, format, issuer }: UserIdentifier, ourIssuer: string): boolean {
    return profile === 'rfc9493' && (format === 'opaque' || issuer === ourIssuer);
  }
}
