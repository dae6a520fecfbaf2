import { Injectable } from '@nestjs/common';
import { RevocationError } from '../revocation.errors.js';

/** A live access token of this authorization server. */
export interface IssuedToken {
  /** Client it was issued to. */
  clientId: string;
  /** The token's own scope, names separated by spaces. */
  scope: string;
  /** Account id of the person it was issued for; a client's own token has none. */
  subject?: string;
  /**
   * What whoever uses it has to show: the thumbprint of a key (`jkt`) or of a certificate (`x5t#S256`). A token bound in any
   * other way is refused.
   *
   * @default not bound
   * @see RFC 7800 §3.1, RFC 9449 §6, RFC 8705 §3.1
   */
  cnf?: Readonly<Record<string, string>>;
}

/** Finds a live access token by its value, with all that it is bound to. */
export type AccessTokenLookup = (value: string) => Promise<IssuedToken | undefined>;

/** The access tokens of this authorization server. Callers may use them once the server says where they are. */
@Injectable()
export class AccessTokens {
  private lookup?: AccessTokenLookup;

  /** Whether callers may authenticate with access tokens. */
  get isOffered(): boolean {
    return this.lookup !== undefined;
  }

  /**
   * Offers access tokens to callers: their method is published, and what they present is looked up here.
   *
   * @param lookup finds live tokens only, and none that needs a proof
   */
  offer(lookup: AccessTokenLookup): void {
    this.lookup = lookup;
  }

  /**
   * The live token of this value; undefined when there is none.
   *
   * @throws RevocationError `unavailable` when it cannot be looked up
   */
  async find(value: string): Promise<IssuedToken | undefined> {
    try {
      return await this.lookup?.(value);
    } catch (cause) {
      throw new RevocationError('unavailable', { cause });
    }
  }
}
