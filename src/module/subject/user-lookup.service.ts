import { Inject, Injectable } from '@nestjs/common';
import { DatabaseDeadline } from '../database/deadline.js';
import type { CallerRestrictions } from '../options/caller-restrictions.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { inSpan } from '../http/tracing.js';
import { SubjectEpochs, subjectKey } from '../revocation/subject-epochs.js';
import { mayName, mayUse } from './caller-restrictions.js';
import type { SubjectIdentifier } from './subject-identifier.js';
import { type UserCandidate, UserDirectory } from './user-directory.js';
import { isSameValue, spellingsOf, type UserIdentifier } from './user-identifier.js';

/** Maximum number of candidates per look-up, and of counted users; a collation may match more rows than are equal. */
export const CANDIDATES_MAX = 1000;

const UNLIMITED: CallerRestrictions = {};

/** Result of a look-up. @publicApi */
export interface FoundSubject {
  /** Canonical account id (`sub`). */
  subject: string;
  /** Account ids of further matching users that are deleted; all are revoked. */
  deleted?: readonly string[];
  /** How many users match the identifier; 1,000 means at least 1,000. */
  matched: number;
}

/**
 * Step 5: finds the user that an identifier names, within the caller's restrictions.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.3, §3.4.2, §7.2
 * @publicApi
 */
@Injectable()
export class UserLookupService {
  constructor(
    @Inject(UserDirectory) private readonly directory: UserDirectory,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'issuer' | 'ambiguousSubject'>,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(SubjectEpochs) private readonly epochs: SubjectEpochs,
  ) {}

  /**
   * Returns the first exact match in the order of the directory, and all matching users that are deleted. All other
   * matching entries of `aliases` must match the same user, whatever the option `ambiguousSubject` says.
   *
   * @param restrictions users outside are unknown to the caller
   * @throws RevocationError `unknownSubject`, `ambiguousSubject`, `notRevocable`, `unavailable`
   */
  find(identifier: SubjectIdentifier, restrictions?: CallerRestrictions): Promise<FoundSubject> {
    return inSpan('gtr.look-up', () => this.first(identifier, restrictions));
  }

  private async first(
    { format, identifiers }: SubjectIdentifier,
    restrictions?: CallerRestrictions,
  ): Promise<FoundSubject> {
    const { others, deleted } = await this.deadline.run(() => this.subjects(identifiers, restrictions));
    const [first] = others;
    const rejects = format === 'aliases' || this.options.ambiguousSubject === 'reject';
    if (others.size > 1 && rejects) throw new RevocationError('ambiguousSubject');
    const [subject, ...also] = first === undefined ? deleted : new Set([first, ...deleted]);
    if (subject === undefined) throw new RevocationError('unknownSubject');
    if (subject === '' || also.includes('')) throw new RevocationError('notRevocable');
    return { subject, matched: new Set([...others, ...deleted]).size, ...(also.length > 0 && { deleted: also }) };
  }

  private async subjects(
    identifiers: readonly UserIdentifier[],
    restrictions?: CallerRestrictions,
  ): Promise<Record<'others' | 'deleted', Set<string>>> {
    const found = { others: new Set<string>(), deleted: new Set<string>() };
    for (const identifier of identifiers) {
      for (const { subject, isDeleted } of await this.named(identifier, restrictions)) {
        found[isDeleted ? 'deleted' : 'others'].add(subject);
      }
    }
    return found;
  }

  private async named(identifier: UserIdentifier, restrictions?: CallerRestrictions): Promise<UserCandidate[]> {
    const { isUnknown, allowed } = await this.matches(identifier, restrictions);
    if (allowed.length > 0) return allowed;
    const vanished = await this.vanished(identifier);
    return isUnknown && restrictions?.tenant === undefined ? vanished : [];
  }

  /**
   * Returns users that the directory no longer knows, by their epochs, which are never deleted. An `iss_sub` of any issuer
   * runs the same statements.
   */
  private async vanished(identifier: UserIdentifier): Promise<UserCandidate[]> {
    const isAccountId = this.directory.isAccountId(identifier, this.options.issuer);
    if (!isAccountId && identifier.issuer === undefined) return [];
    const ids = spellingsOf(identifier);
    const epochs = await this.epochs.currentOf(ids.map(subjectKey));
    const signedIn = ids.filter((id) => isAccountId && epochs.has(subjectKey(id)));
    return signedIn.map((subject) => ({ subject, value: subject, isDeleted: true }));
  }

  /**
   * Compares here, not in the store: MySQL's collations equate `ADMIN`, `ádmin` and `admin  ` with `admin`. The store
   * is queried even if the caller may not use the identifier, so that timing reveals nothing.
   */
  private async matches(
    identifier: UserIdentifier,
    restrictions: CallerRestrictions = UNLIMITED,
  ): Promise<{ isUnknown: boolean; allowed: UserCandidate[] }> {
    const { tenant } = restrictions;
    const range = { limit: CANDIDATES_MAX, ...(tenant !== undefined && { tenant }) };
    const candidates = await this.directory.find(identifier, range);
    if (restrictions !== UNLIMITED && !mayUse(identifier, restrictions, this.options.issuer))
      return { isUnknown: false, allowed: [] };
    const matches = candidates.filter(
      ({ value, issuer }) => issuer === identifier.issuer && isSameValue(identifier, value),
    );
    const mustBeAlone = this.options.ambiguousSubject === 'reject';
    const isCutShort = candidates.length >= CANDIDATES_MAX;
    if (isCutShort && (matches.length === 0 || mustBeAlone || candidates.every(({ isDeleted }) => isDeleted))) {
      throw new RevocationError('notRevocable'); // a match may be among the rows that were not read
    }
    return {
      isUnknown: matches.length === 0,
      allowed: matches.filter((candidate) => mayName(candidate, restrictions)),
    };
  }
}
