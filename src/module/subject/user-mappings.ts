import type { ObjectLiteral } from 'typeorm';
import type { ResolvedUserSource, UserCondition, UserMapping } from '../options/users.options.js';
import type { Rfc9493Format } from './formats/identifier-formats.js';
import type { UserIdentifier } from './user-identifier.js';

type Mapping = UserMapping<ObjectLiteral, never>;

/** The mappings of the option `users`, by format. */
export class UserMappings {
  readonly formats: readonly Rfc9493Format[];
  readonly attributes: readonly string[];
  private readonly rfc9493: ReadonlyMap<string, Mapping>;
  private readonly janssen: ReadonlyMap<string, Mapping>;
  private readonly issuers: ReadonlyMap<string, Mapping>;

  constructor(
    { subject, iss_sub, attributes, ...source }: ResolvedUserSource,
    private readonly ourIssuer: string,
  ) {
    const { account, email, phone_number, did, uri, opaque } = source;
    const mapped = Object.entries<Mapping | undefined>({ account, email, phone_number, did, uri, opaque });
    this.rfc9493 = new Map(mapped.filter((entry): entry is [string, Mapping] => entry[1] !== undefined));
    this.issuers = new Map<string, Mapping>([[ourIssuer, subject], ...Object.entries(iss_sub)]);
    this.janssen = new Map(Object.entries(attributes));
    this.formats = [...(this.rfc9493.keys() as Iterable<Rfc9493Format>), 'iss_sub'];
    this.attributes = [...this.janssen.keys()];
  }

  /** Whether `iss_sub` of this issuer can name a user. */
  hasIssuer(issuer: string): boolean {
    return this.issuers.has(issuer);
  }

  /** Returns the mapping, and the issuer it belongs to if the format has one. */
  of(identifier: UserIdentifier): { mapping: Mapping; issuer?: string } {
    const { format, profile } = identifier;
    if (profile === 'janssen') return { mapping: this.janssen.get(format)! };
    if (format !== 'iss_sub') return { mapping: this.rfc9493.get(format)! };
    // An unknown issuer uses our own mapping, so that it takes equally long; the issuer then does not match.
    const issuer = this.hasIssuer(identifier.issuer!) ? identifier.issuer! : this.ourIssuer;
    return { mapping: this.issuers.get(issuer)!, issuer };
  }
}

/**
 * Calls a mapping function and returns its conditions as a list.
 *
 * @throws Error if a condition is empty or not text, because it would match every user
 */
export async function conditionsOf(
  mapping: Exclude<Mapping, string>,
  members: Readonly<Record<string, string>>,
): Promise<readonly UserCondition[]> {
  const conditions = [(await mapping(members as never)) ?? []].flat();
  for (const condition of conditions) {
    const values: unknown[] = Object.values(condition);
    if (values.length === 0 || !values.every((value) => typeof value === 'string' && value !== '')) {
      throw new Error('a function in the option `users` must return properties with non-empty text');
    }
  }
  return conditions;
}
