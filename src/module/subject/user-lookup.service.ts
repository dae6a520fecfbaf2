import { Inject, Injectable } from '@nestjs/common';
import { DatabaseDeadline } from '../database/deadline.js';
import type { CallerRestrictions } from '../options/caller-restrictions.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { inSpan } from '../http/tracing.js';
import { mayName, mayUse } from './caller-restrictions.js';
import type { SubjectIdentifier } from './subject-identifier.js';
import { type UserCandidate, UserDirectory } from './user-directory.js';
import { isSameValue, type UserIdentifier } from './user-identifier.js';

/** Most candidates one look-up reads, and users it counts: a collation may match more than is equal. */
const CANDIDATES_MAX = 1000;

const UNLIMITED: CallerRestrictions = {};

/** A user that an identifier names. @publicApi */
export interface FoundSubject {
  /** Canonical account id (`sub`). */
  subject: string;
  /** How many users the identifier matches; 1,000 stands for that many or more. */
  matched: number;
}

/**
 * Step 5: finds the user an identifier names, within what the caller may name.
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
  ) {}

  /**
   * The first user that matches exactly, in the order of the directory. The entries of `aliases` that match anybody have to
   * match one and the same, whatever the option says.
   *
   * @param restrictions whom the caller may name; a user outside is unknown
   * @throws RevocationError `unknownSubject`, `ambiguousSubject`, `notRevocable`, `unavailable`
   */
  find(identifier: SubjectIdentifier, restrictions?: CallerRestrictions): Promise<FoundSubject> {
    return inSpan('gtr.look-up', () => this.first(identifier, restrictions));
  }

  private async first(
    { format, identifiers }: SubjectIdentifier,
    restrictions?: CallerRestrictions,
  ): Promise<FoundSubject> {
    const subjects = await this.deadline.run(() => this.subjects(identifiers, restrictions));
    const [first] = subjects;
    if (first === undefined) throw new RevocationError('unknownSubject');
    const rejects = format === 'aliases' || this.options.ambiguousSubject === 'reject';
    if (subjects.size > 1 && rejects) throw new RevocationError('ambiguousSubject');
    if (first === '') throw new RevocationError('notRevocable');
    return { subject: first, matched: subjects.size };
  }

  private async subjects(
    identifiers: readonly UserIdentifier[],
    restrictions?: CallerRestrictions,
  ): Promise<Set<string>> {
    const subjects = new Set<string>();
    for (const identifier of identifiers) {
      for (const { subject } of await this.matches(identifier, restrictions)) subjects.add(subject);
    }
    return subjects;
  }

  /**
   * Compared here and not by the store: MySQL's collations take `ADMIN`, `ádmin` and `admin  ` for `admin`. The store is
   * asked whatever the restrictions say, so that who is refused cannot tell why.
   */
  private async matches(
    identifier: UserIdentifier,
    restrictions: CallerRestrictions = UNLIMITED,
  ): Promise<UserCandidate[]> {
    const { tenant } = restrictions;
    const range = { limit: CANDIDATES_MAX, ...(tenant !== undefined && { tenant }) };
    const candidates = await this.directory.find(identifier, range);
    if (restrictions !== UNLIMITED && !mayUse(identifier, restrictions, this.options.issuer)) return [];
    const matches = candidates.filter(
      ({ value, issuer }) => issuer === identifier.issuer && isSameValue(identifier, value),
    );
    const mustBeAlone = this.options.ambiguousSubject === 'reject';
    if (candidates.length >= CANDIDATES_MAX && (matches.length === 0 || mustBeAlone)) {
      throw new RevocationError('notRevocable'); // somebody who matches may not have been read
    }
    return matches.filter((candidate) => mayName(candidate, restrictions));
  }
}
