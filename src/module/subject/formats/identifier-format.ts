/**
 * Whether upper and lower case before the `@` are the same. That of the domain never counts. @see RFC 5321 §2.4
 *
 * @publicApi
 */
export type EmailCase = 'ignored' | 'counts';

/** What a member may hold, as JSON Schema has it. */
interface MemberSchema {
  readonly description: string;
  readonly pattern?: string;
}

/** One format of subject identifiers: what it says, how it is compared, and how it is documented. @see RFC 9493 §3 */
export interface IdentifierFormat {
  /** Name for people. */
  readonly title: string;
  /** Exactly the members it has besides `format`, each a string. */
  readonly members: Readonly<Record<string, MemberSchema>>;
  /** Member that names the user. */
  readonly member: string;
  /** Member that says whose name it is. */
  readonly issuer?: string;
  /** Returns what is compared; undefined for a value that is not valid. */
  canonical(value: string, emailCase?: EmailCase): string | undefined;
  /** Returns what a canonical value consists of, for those who map it. */
  readonly parts?: (canonical: string) => Readonly<Record<string, string>>;
  /** Members of an example, with people of the demo. */
  readonly example: Readonly<Record<string, string>>;
  /** What the example needs. */
  readonly exampleNote?: string;
}

/** For values that are compared byte for byte. */
export const exact = (value: string): string => value;

/** Text that every database and proxy reads alike: not empty, no controls, no lone surrogates. @see RFC 8259 §8.2 */
export const isCleanText = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !/[\p{Cs}\u0000-\u001f\u007f]/u.test(value);

/** A JSON object, and nothing that merely behaves like one. */
export const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
