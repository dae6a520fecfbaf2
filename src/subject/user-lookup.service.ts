import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { type DataSource, In, type ObjectLiteral, type Repository } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import {
  GLOBAL_REVOCATION_OPTIONS,
  type GlobalRevocationOptions,
  type UserSource,
} from '../global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';
import { canonicalValue, type SubjectFormats, type SubjectIdentifier, subjectFormats } from './subject-identifier.js';

/** Most rows one look-up reads: a collation may match more than is equal. */
const CANDIDATES_MAX = 1000;

/** A user that an identifier names. */
export interface FoundSubject {
  /** Canonical account id (`sub`). */
  subject: string;
  /** How many users the identifier matches. */
  matched: number;
}

/** Step 5: finds the user an identifier names in the host's own table. */
@Injectable()
export class UserLookupService {
  /** The formats the host's options allow. */
  readonly formats: SubjectFormats;
  private readonly source: UserSource;

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: GlobalRevocationOptions,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {
    this.source = options.users;
    this.formats = subjectFormats(Object.keys(this.source.attributes ?? {}), this.source.email !== undefined);
  }

  /**
   * The first user that matches exactly, in the order of the options.
   *
   * @throws RevocationError `unknownSubject`, `ambiguousSubject`, `notRevocable`, `unavailable`
   */
  async find(identifier: SubjectIdentifier): Promise<FoundSubject> {
    const matches = await this.matches(identifier);
    const [first] = matches;
    if (!first || (identifier.issuer !== undefined && identifier.issuer !== this.options.issuer)) {
      throw new RevocationError('unknownSubject');
    }
    if (matches.length > 1 && this.options.ambiguousSubject === 'reject') throw new RevocationError('ambiguousSubject');
    return { subject: accountId(first[this.source.subject]), matched: matches.length };
  }

  /** Compared here and not in SQL: MySQL's collations take `ADMIN`, `ádmin` and `admin  ` for `admin`, 0 for any text. */
  private async matches({ names, value, comparison }: SubjectIdentifier): Promise<ObjectLiteral[]> {
    const property = this.propertyFor(names);
    const canonical = canonicalValue(value, comparison);
    const spellings = [...new Set([value, canonical])].filter((spelling) => spelling !== undefined);
    const candidates = await this.deadline.run(() =>
      this.users.find({
        where: { [property]: In(spellings) },
        order: { [this.source.orderBy ?? this.source.subject]: 'ASC' },
        take: CANDIDATES_MAX,
      }),
    );
    const matches = candidates.filter((user) => canonicalValue(String(user[property]), comparison) === canonical);
    if (matches.length === 0 && candidates.length === CANDIDATES_MAX) throw new RevocationError('notRevocable');
    return matches;
  }

  private propertyFor(names: SubjectIdentifier['names']): string {
    if (names === 'subject') return this.source.subject;
    if (names === 'email') return this.source.email!;
    return this.source.attributes![names.attribute]!;
  }

  private get users(): Repository<ObjectLiteral> {
    return this.dataSource.getRepository(this.source.entity);
  }
}

/** @throws RevocationError `notRevocable` for a user without an account id */
function accountId(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  throw new RevocationError('notRevocable');
}
