import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Account, AccountClaims } from 'oidc-provider';
import type { DataSource, FindOptionsWhere } from 'typeorm';
import { canonicalEmail, DatabaseDeadline, onPrimary, Realms, SubjectEpochs } from 'nestjs-global-revocation';
import { inheritEpoch, OidcRevocation, orUnavailable } from 'nestjs-global-revocation/oidc-provider';
import { OpUser } from './op-user.entity.js';
import { verifyPassword } from './passwords.js';

/** Epoch of what a revocation has ended: less than any. */
const ENDED = -1;

/** Account id that nobody has. */
const NOBODY = randomUUID();

/** Whom a typed name means. */
export interface Named {
  /** Account id; one that nobody has if there is none of this name. */
  id: string;
  /** Canonical form of the name. */
  name: string;
  /** What wrong passwords count for: the account, or the name. */
  account: string;
}

/** The people who can sign in. */
@Injectable()
export class AccountsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(OidcRevocation) private readonly revocation: OidcRevocation,
    @Inject(SubjectEpochs) private readonly epochs: SubjectEpochs,
    @Inject(Realms) private readonly realms: Realms,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /** Finds the account of a login name or e-mail address. */
  async named(identifier: string): Promise<Named> {
    const name = canonicalEmail(identifier) ?? identifier.normalize('NFC').toLowerCase();
    const id = (await this.byIdentifier(identifier))?.id;
    return { id: id ?? NOBODY, name, account: id ?? `nobody ${name}` };
  }

  /**
   * Checks the first factor. It reads the epoch **before** that (R4), so that a revocation during a slow check wins, and by
   * the account id instead of the typed name.
   * Nothing is written before the password is known, and the statements are the same for every name.
   *
   * @param id of {@link named}
   * @returns the account id; undefined if name or password is wrong
   */
  async signIn(id: string, password: string): Promise<string | undefined> {
    const epoch = await orUnavailable(this.epochs.current(id));
    if (epoch !== undefined) inheritEpoch(id, epoch);
    const user = await this.withPassword(id, password);
    if (!user) return undefined;
    if (epoch === undefined) return (await this.isPasswordOfNew(user, password)) ? id : undefined;
    // A user who has moved has to sign in again.
    if (user.department !== '') await orUnavailable(this.realms.place(id, user.department));
    return id;
  }

  /** The same check for an account that had no epoch before it: once more, with the one that is made now. */
  private async isPasswordOfNew({ id, department }: OpUser, password: string): Promise<boolean> {
    const made = await orUnavailable(this.epochs.current(id));
    if (made === undefined) {
      await this.revocation.epochForSignIn(id, department === '' ? {} : { realm: department });
      return (await this.withPassword(id, password)) !== undefined;
    }
    inheritEpoch(id, ENDED); // a revocation has come in the middle
    return true;
  }

  /** Returns the account if this is its password, as stored after its epoch was asked for. */
  private async withPassword(id: string, password: string): Promise<OpUser | undefined> {
    const user = (await this.read({ id })).find((each) => each.id === id);
    return (await verifyPassword(password, user?.passwordHash)) ? user : undefined;
  }

  /** Implements `findAccount` of oidc-provider. */
  async find(id: string): Promise<Account | undefined> {
    const [user] = await this.read({ id });
    return user?.id === id ? { accountId: id, claims: (): AccountClaims => claimsOf(user) } : undefined;
  }

  /** Returns the display name of a person. */
  async nameOf(id: string): Promise<string> {
    return (await this.read({ id }))[0]?.name ?? id;
  }

  /** Finds a login name or e-mail address; compares it again because collations treat different names as equal. */
  private async byIdentifier(identifier: string): Promise<OpUser | undefined> {
    const email = canonicalEmail(identifier) ?? '';
    const candidates = await this.read([{ uid: identifier }, { email }]);
    return (
      candidates.find((user) => user.uid === identifier) ??
      candidates.find((user) => email !== '' && canonicalEmail(user.email) === email)
    );
  }

  /** @throws errors.OIDCProviderError 503 if the database does not answer */
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
