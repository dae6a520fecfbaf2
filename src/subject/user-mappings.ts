import type { ObjectLiteral } from 'typeorm';
import type { UserCondition, UserMapping, UserSource } from '../user-source.options.js';
import type { Rfc9493Format } from './identifier-formats.js';
import type { UserIdentifier } from './subject-identifier.js';

type Mapping = UserMapping<ObjectLiteral, never>;

/** A mapping and the issuer whose identifiers it maps, where the format has one. */
export interface IssuersMapping {
  mapping: Mapping;
  issuer?: string;
}

/** What the option `users` makes of each format. */
export class UserMappings {
  readonly formats: readonly Rfc9493Format[];
  readonly attributes: readonly string[];
  private readonly rfc9493: Partial<Record<string, Mapping>>;
  private readonly janssen: ReadonlyMap<string, Mapping>;

  constructor(
    { subject, email, attributes = {} }: UserSource,
    private readonly ourIssuer: string,
  ) {
    this.rfc9493 = { opaque: subject, iss_sub: subject, ...(email !== undefined && { email }) };
    this.formats = Object.keys(this.rfc9493) as Rfc9493Format[];
    this.janssen = new Map(Object.entries(attributes));
    this.attributes = [...this.janssen.keys()];
  }

  /** An issuer nobody knows takes the way of our own: the value is looked up and belongs to somebody else. */
  of({ format, profile }: UserIdentifier): IssuersMapping {
    const mapping = profile === 'rfc9493' ? this.rfc9493[format]! : this.janssen.get(format)!;
    return format === 'iss_sub' ? { mapping, issuer: this.ourIssuer } : { mapping };
  }
}

/**
 * What a mapping function says, as a list.
 *
 * @throws Error for a condition that is empty or not text: it would hold for everybody
 */
export async function conditionsOf(
  mapping: Exclude<Mapping, string>,
  members: Readonly<Record<string, string>>,
): Promise<readonly UserCondition[]> {
  const conditions = [(await mapping(members as never)) ?? []].flat();
  for (const condition of conditions) {
    const values: unknown[] = Object.values(condition);
    if (values.length === 0 || !values.every((value) => typeof value === 'string' && value !== '')) {
      throw new Error('a function in the option `users` must return properties with text that is not empty');
    }
  }
  return conditions;
}
