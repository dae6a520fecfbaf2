import type { EmailCase } from './formats/identifier-format.js';
import type { Rfc9493Format } from './formats/identifier-formats.js';
import type { UserIdentifier } from './user-identifier.js';

/** A user whom an identifier may name. @publicApi */
export interface UserCandidate {
  /** Canonical account id (`sub`): what tokens and sessions belong to. */
  subject: string;
  /**
   * The identifier's value **as your store has it**, never as it was asked for. It is compared by us, in canonical form: a
   * store whose collation takes `ADMIN` for `admin` may return too much, and nobody is revoked by accident.
   */
  value: string;
  /** `iss_sub`: the issuer that `value` belongs to, as your store or configuration has it. */
  issuer?: string;
  /** Tenant of the user; without one, no caller that is limited to a tenant can name this user. */
  tenant?: string;
}

/** How much to return. @publicApi */
export interface CandidateRange {
  /** Most candidates that are wanted. */
  limit: number;
  /** The caller may name users of this tenant only; narrows the search, and we check again. */
  tenant?: string;
}

/**
 * Port: where users are looked up. Replace it when your users are not rows of one table, e.g. in LDAP. It is asked within
 * the database deadline; whatever it throws is answered 503.
 *
 * @publicApi
 */
export abstract class UserDirectory {
  /** Formats of RFC 9493 that {@link find} serves, `aliases` aside: of these, they always are. Any other is 400. */
  abstract readonly formats: readonly Rfc9493Format[];

  /** Names of the Janssen profile that {@link find} serves. */
  readonly attributes: readonly string[] = [];

  /** Whether the case of what stands before the `@` of an e-mail address counts. */
  readonly emailCase: EmailCase = 'ignored';

  /**
   * The users whom the identifier may name, always in the same order: the first that is equal is revoked. Ask for
   * `identifier.value` and `identifier.canonical`. Take the same way whether there is such a user or not.
   */
  abstract find(identifier: UserIdentifier, range: CandidateRange): Promise<readonly UserCandidate[]>;
}
