import { Inject, Injectable } from '@nestjs/common';
import { canonicalRealm, realmKey } from './realm.js';
import { RevocationService } from './revocation.service.js';
import { SubjectEpochs } from './subject-epochs.js';

/** Actor in the record of a user who moves to another realm. */
const ACTOR = 'sign-in';

/**
 * Assigns users to realms. A realm is a tenant, the users of an identity provider, or any other group, which
 * {@link RevocationService.revokeRealm} revokes with one write. A user belongs to at most one realm.
 *
 * @publicApi
 */
@Injectable()
export class Realms {
  constructor(
    @Inject(SubjectEpochs) private readonly epochs: SubjectEpochs,
    @Inject(RevocationService) private readonly revocations: RevocationService,
  ) {}

  /**
   * Like {@link SubjectEpochs.epochForSignIn}, for a user of a realm. Revokes a user who belonged to another realm, because a later
   * revocation of that realm could not end the user's earlier credentials. Also revokes a user who belonged to none, if the realm was ever
   * revoked, because that revocation did not reach the user.
   *
   * @param subject canonical account id (`sub`)
   * @param realm name of the realm, from your own data about the user and never from the request: anyone who could choose
   *   it could sign the user out. 1 to 255 characters in Unicode NFC, not only spaces, and not `everybody`
   * @throws RevocationError `unavailable` if the database does not answer: nobody can sign in
   * @throws TypeError if a name is invalid
   */
  async epochForSignIn(subject: string, realm: string): Promise<number> {
    const key = realmKey(realm);
    const state = await this.epochs.stateForSignIn(subject, key);
    if (state.realmKey === key) return state.epoch;
    const reason = `moved to the realm ${canonicalRealm(realm)}`;
    await this.revocations.revoke(subject, { actor: ACTOR, reason, movesTo: realm });
    return this.epochs.epochForSignIn(subject);
  }

  /**
   * Assigns a user to a realm without a sign-in. Call it once for each user from before you used realms: revoking a realm does not
   * reach users who are not known to belong to it. Revokes the user in the same cases as {@link epochForSignIn}.
   *
   * @param subject canonical account id (`sub`)
   * @param realm as in {@link epochForSignIn}
   * @throws RevocationError `unavailable` if the database does not answer
   * @throws TypeError if a name is invalid
   */
  async place(subject: string, realm: string): Promise<void> {
    await this.epochForSignIn(subject, realm);
  }

  /**
   * Counts the users who are known to belong to a realm.
   *
   * @param limit counting ends at this number, so that a large realm does not take long
   * @throws RevocationError `unavailable` if the database does not answer
   * @throws TypeError if the name is invalid
   */
  async countUsers(realm: string, limit: number): Promise<number> {
    return this.epochs.countOf(realmKey(realm), limit);
  }
}
