import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, ObjectLiteral } from 'typeorm';
import { type Condition, PreparedFind, type Reading } from '../database/prepared-find.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import type { ResolvedUserSource, UserCondition } from '../options/users.options.js';
import { RevocationError } from '../revocation.errors.js';
import type { EmailCase } from './formats/identifier-format.js';
import { type CandidateRange, type UserCandidate, UserDirectory } from './user-directory.js';
import { expectOutside } from '../database/surrounding-transaction.js';
import { matchOrder } from './match-order.js';
import { SharedSearch } from './shared-search.js';
import { expressible } from '../database/expressible.js';
import { membersOf, spellingsOf, type UserIdentifier } from './user-identifier.js';
import { conditionsOf, UserMappings } from './user-mappings.js';

const NO_USERS = 'no users are configured: set the option `users`, or pass your own `userDirectory`';

type Row = ObjectLiteral;

/** A query, and how to read the identifier's value from a row. */
interface Search {
  anyOf: readonly Condition[];
  valueIn(row: Row): string | undefined;
}

/** Finds users in the table that the option `users` describes. @publicApi */
@Injectable()
export class TypeOrmUserDirectory extends UserDirectory {
  readonly formats: UserMappings['formats'];
  override readonly attributes: readonly string[];
  override readonly emailCase: EmailCase;
  private readonly source: ResolvedUserSource;
  private readonly mappings: UserMappings;
  private readonly shared = new SharedSearch(
    (property, values, limit) => this.read([{ [property]: values }], { limit }),
    textOf,
  );
  private table?: ReturnType<typeof userTable>;

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) { users, issuer }: Pick<ResolvedOptions, 'users' | 'issuer'>,
  ) {
    super();
    if (!users) throw new Error(`GlobalRevocationModule: ${NO_USERS}`);
    this.source = users;
    this.mappings = new UserMappings(users, issuer);
    this.formats = this.mappings.formats;
    this.attributes = this.mappings.attributes;
    this.emailCase = users.emailCase;
  }

  async find(identifier: UserIdentifier, range: CandidateRange): Promise<UserCandidate[]> {
    const { mapping, issuer } = this.mappings.of(identifier);
    const search =
      typeof mapping === 'string'
        ? byProperty(mapping, identifier)
        : byConditions(await conditionsOf(mapping, membersOf(identifier)), identifier);
    const rows = await this.search(mapping, search, identifier, range);
    // An empty value matches no identifier.
    return rows.map((row) => ({
      ...this.userOf(row),
      value: search.valueIn(row) ?? '',
      ...(issuer !== undefined && { issuer }),
    }));
  }

  /** Whether `iss_sub` of this issuer can name a user. @internal */
  hasIssuer(issuer: string): boolean {
    return this.mappings.hasIssuer(issuer);
  }

  override isAccountId(identifier: UserIdentifier): boolean {
    const { mapping, issuer } = this.mappings.of(identifier);
    return mapping === this.source.subject && issuer === identifier.issuer;
  }

  /** Searches of any tenant by a property share statements. */
  private async search(
    mapping: unknown,
    { anyOf }: Search,
    identifier: UserIdentifier,
    range: CandidateRange,
  ): Promise<readonly Row[]> {
    expectOutside(this.dataSource);
    if (anyOf.length === 0) return [];
    const isShared = typeof mapping === 'string' && (this.source.tenant === undefined || range.tenant === undefined);
    return isShared ? this.shared.find(mapping, identifier, range.limit) : this.read(anyOf, range);
  }

  private async read(anyOf: Search['anyOf'], { limit, tenant }: CandidateRange): Promise<Row[]> {
    const property = this.source.tenant;
    const within = property !== undefined && tenant !== undefined ? { [property]: [tenant] } : {};
    const conditions = anyOf.map((condition) => ({ ...condition, ...within }));
    this.table ??= userTable(this.dataSource, this.source);
    const { users, ordered } = this.table;
    const rowsOf = (some: readonly Condition[]): Promise<Row[]> =>
      onPrimary(this.dataSource, (manager) => users.rows(manager, some, limit));
    return ordered(await expressible(conditions, rowsOf));
  }

  private userOf(row: Row): Pick<UserCandidate, 'subject' | 'tenant' | 'isDeleted'> {
    const tenant = this.source.tenant && textOf(row[this.source.tenant]);
    return {
      subject: textOf(row[this.source.subject]) ?? '',
      ...(tenant !== undefined && { tenant }),
      ...(this.table!.isDeleted(row) && { isDeleted: true }),
    };
  }
}

/** Returns how to read users. Deleted users come first, so that the limit omits none of them. */
function userTable(dataSource: DataSource, { entity, subject, orderBy, tenant }: ResolvedUserSource) {
  const mark = dataSource.getMetadata(entity).deleteDateColumn;
  const properties = [subject, orderBy, tenant, mark?.propertyPath].filter((name) => name !== undefined);
  const order: Reading<Row>['order'] = {
    ...(mark && { [mark.propertyPath]: 'DESC' as const }),
    [orderBy]: 'ASC',
    [subject]: 'ASC',
  };
  return {
    users: new PreparedFind<Row>({ entity, properties, order }),
    ordered: matchOrder(dataSource, entity, [orderBy, subject]),
    isDeleted: (row: Row) => mark !== undefined && ((mark.getEntityValue(row) as unknown) ?? null) !== null,
  };
}

/** Searches for each spelling; the module compares the results. */
function byProperty(property: string, identifier: UserIdentifier): Search {
  return {
    anyOf: [{ [property]: spellingsOf(identifier) }],
    valueIn: (row) => textOf(row[property]),
  };
}

/** The conditions replace the identifier, so rows are compared with them here. */
function byConditions(conditions: readonly UserCondition[], { value }: UserIdentifier): Search {
  const holds = (row: Row, condition: UserCondition): boolean =>
    Object.entries(condition).every(([property, expected]) => textOf(row[property]) === expected);
  return {
    anyOf: conditions.map((condition) => {
      return Object.fromEntries(Object.entries(condition).map(([property, expected]) => [property, [expected!]]));
    }),
    valueIn: (row) => (conditions.some((condition) => holds(row, condition)) ? value : undefined),
  };
}

/**
 * Converts numbers to text; ignores other values.
 *
 * @throws RevocationError `notRevocable` for a number that the driver has rounded: it may be the id of another user
 */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RevocationError('notRevocable', { details: 'a number above 2^53 in the table of users was rounded' });
  }
  return typeof value === 'number' || typeof value === 'bigint' ? value.toString() : undefined;
}
