import { Inject, Injectable } from '@nestjs/common';
import { canonicalRealm, realmKey } from './realm.js';
import { RevocationService } from './revocation.service.js';
import { SubjectEpochs } from './subject-epochs.js';

/** Actor in the record of a user who has moved. */
const ACTOR = 'sign-in';

/**
 * Keeps the realm of each user: a tenant, an identity provider, any group that {@link RevocationService.revokeRealm} revokes
 * with one write. A user has one realm, and it is known as soon as the user signs in.
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
   * Like {@link SubjectEpochs.epochForSignIn}, for a user with a realm. A user who comes from another realm is revoked: credentials
   * made there must not outlive it. So is one whose realm was not known when it was revoked.
   *
   * @param subject canonical account id (`sub`)
   * @param realm name of the realm, from your own data about the user and never from the request: anybody who could choose
   *   it could sign the user out. 1 to 255 characters, compared in Unicode NFC, and not `everybody`
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
   * Says which realm a user belongs to, without a sign-in. Call it for the users who were there before you used realms: what
   * revokes a realm does not reach users of whom it is not known. A user who comes from another realm is revoked.
   *
   * @param subject canonical account id (`sub`)
   * @param realm as in {@link epochForSignIn}
   * @throws RevocationError `unavailable`
   * @throws TypeError if a name is invalid
   */
  async place(subject: string, realm: string): Promise<void> {
    await this.epochForSignIn(subject, realm);
  }

  /**
   * Returns the number of users who are known to belong to a realm.
   *
   * @throws RevocationError `unavailable`
   * @throws TypeError if the name is invalid
   */
  async countUsers(realm: string): Promise<number> {
    return this.epochs.countOf(realmKey(realm));
  }
}
