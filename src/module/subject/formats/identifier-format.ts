/**
 * Whether the case of an e-mail address before the `@` counts. The case of the domain never does.
 *
 * @see RFC 5321 §2.4
 * @publicApi
 */
export type EmailCase = 'ignored' | 'counts';

/** JSON Schema of a member. */
interface MemberSchema {
  readonly description: string;
  readonly pattern?: string;
}

/** A format of subject identifiers: its members, comparison and documentation. @see RFC 9493 §3 */
export interface IdentifierFormat {
  readonly title: string;
  /** All members besides `format`; each is a string. */
  readonly members: Readonly<Record<string, MemberSchema>>;
  /** Member that names the user. */
  readonly member: string;
  /** Member that names the issuer of the user. */
  readonly issuer?: string;
  /** Returns the canonical form, which is compared; undefined for an invalid value. */
  canonical(value: string, emailCase?: EmailCase): string | undefined;
  /** Returns other stored forms that equal a canonical value. */
  readonly spellings?: (canonical: string) => readonly string[];
  /** Splits a canonical value into parts for mapping functions. */
  readonly parts?: (canonical: string) => Readonly<Record<string, string>>;
  /** Members of an example with users of the demo. */
  readonly example: Readonly<Record<string, string>>;
  /** When the example applies. */
  readonly exampleNote?: string;
}

/** Returns the value unchanged: compared byte for byte. */
export const exact = (value: string): string => value;

/** Returns whether text is non-empty, without control characters and lone surrogates. @see RFC 8259 §8.2 */
export const isCleanText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !/[\p{Cs}\u0000-\u001f\u007f]/u.test(value);
