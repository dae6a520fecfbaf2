import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Account, AccountClaims } from 'oidc-provider';
import type { DataSource, FindOptionsWhere } from 'typeorm';
import { canonicalEmail, DatabaseDeadline, onPrimary } from 'nestjs-global-revocation';
import { OidcRevocation, orUnavailable } from 'nestjs-global-revocation/oidc-provider';
import { OpUser } from './op-user.entity.js';
import { verifyPassword } from './passwords.js';

/** The people who can sign in. */
@Injectable()
export class AccountsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(OidcRevocation) private readonly revocation: OidcRevocation,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /**
   * Checks the first factor. The epoch is asked for **before** that (R4), under the account id and not under what was typed:
   * a revocation in the middle of a slow check wins.
   *
   * @returns account id, or undefined when name or password are wrong
   */
  async signIn(identifier: string, password: string): Promise<string | undefined> {
    const user = await this.byIdentifier(identifier);
    if (user) await this.revocation.epochForSignIn(user.id);
    return (await verifyPassword(password, user?.passwordHash)) ? user!.id : undefined;
  }

  /** oidc-provider's `findAccount`. */
  async find(id: string): Promise<Account | undefined> {
    const [user] = await this.read({ id });
    return user?.id === id ? { accountId: id, claims: (): AccountClaims => claimsOf(user) } : undefined;
  }

  /** Name to greet a person with. */
  async nameOf(id: string): Promise<string> {
    return (await this.read({ id }))[0]?.name ?? id;
  }

  /** Login name or e-mail address; compared here because collations take different names for one. */
  private async byIdentifier(identifier: string): Promise<OpUser | undefined> {
    const email = canonicalEmail(identifier) ?? '';
    const candidates = await this.read([{ uid: identifier }, { email }]);
    return (
      candidates.find((user) => user.uid === identifier) ??
      candidates.find((user) => email !== '' && canonicalEmail(user.email) === email)
    );
  }

  /** @throws errors.OIDCProviderError 503 when the database does not answer */
  private read(where: FindOptionsWhere<OpUser> | FindOptionsWhere<OpUser>[]): Promise<OpUser[]> {
    return orUnavailable(
      this.deadline.run(() => onPrimary(this.dataSource, (manager) => manager.findBy(OpUser, where))),
    );
  }
}

/** @see OpenID Connect Core 1.0 §5.1 */
const claimsOf = (user: OpUser): AccountClaims => ({
  sub: user.id,
  preferred_username: user.uid,
  name: user.name,
  email: user.email,
  phone_number: user.phone,
});
