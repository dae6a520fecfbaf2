import type { EntityTarget, ObjectLiteral } from 'typeorm';
import * as v from 'valibot';
import { isFunction, isText, type Members, must, oneOf, recordOf, shape } from './schema.js';

/**
 * Finds users by properties of their entity. All properties must be equal, byte for byte. Values are text, as stored.
 *
 * @publicApi
 */
export type UserCondition<User extends ObjectLiteral = ObjectLiteral> = {
  readonly [P in string & keyof User]?: string;
};

/** No user, one condition, or several conditions of which at least one must hold. @publicApi */
export type UserConditions<User extends ObjectLiteral> =
  UserCondition<User> | readonly UserCondition<User>[] | undefined;

/**
 * Maps an identifier to users: a property of the entity, compared in the format's canonical form, or a function that
 * returns conditions. If the function reads elsewhere, it must compare exactly itself: MySQL's collations equate
 * `ADMIN`, `ádmin` and `admin ` with `admin`. If this is not enough, replace `UserDirectory`.
 *
 * @publicApi
 */
export type UserMapping<User extends ObjectLiteral, Members> =
  (string & keyof User) | ((identifier: Members) => UserConditions<User> | Promise<UserConditions<User>>);

/** The users of your application, if they are rows of one table. @publicApi */
export interface UserSource<User extends ObjectLiteral = ObjectLiteral> {
  /** Entity of the users. */
  entity: EntityTarget<User>;
  /**
   * Property with the account id (the public `sub`) that tokens and sessions belong to. The formats `opaque`, and
   * `iss_sub` with our own issuer, use it.
   */
  subject: string & keyof User;
  /**
   * Attributes of the Janssen profile that callers may use: `format` name → mapping. The answer to other names is 400.
   * `mail` and `email` are compared as e-mail addresses; if the database compares case-sensitively, the column must
   * hold lower-case addresses.
   *
   * @default {}
   * @see Janssen Server, Global Token Revocation
   */
  attributes?: Readonly<Record<string, UserMapping<User, { id: string }>>>;
  /**
   * E-mail address. If the database compares case-sensitively, the column must hold lower-case addresses.
   *
   * @default not supported: the format is answered 400
   * @see RFC 9493 §3.2.2
   */
  email?: UserMapping<User, { email: string }>;
  /**
   * Whether the case before the `@` of an e-mail address distinguishes users, also in attributes of the Janssen
   * profile. The case of the domain never counts; with `counts`, a column must hold the domain in lower case.
   *
   * @default 'ignored'
   * @see RFC 9493 §3.2.2, RFC 5321 §2.4
   */
  emailCase?: 'ignored' | 'counts';
  /**
   * Telephone number. The column holds E.164, such as `+12065550100`.
   *
   * @default not supported: the format is answered 400
   * @see RFC 9493 §3.2.5
   */
  phone_number?: UserMapping<User, { phone_number: string }>;
  /**
   * Account at a service provider. The column holds the whole `acct` URI, with scheme and host in lower case. A
   * function also gets the parts; `user` is percent-decoded.
   *
   * @default not supported: the format is answered 400
   * @see RFC 9493 §3.2.1, RFC 7565 §4
   */
  account?: UserMapping<User, { uri: string; user: string; host: string }>;
  /**
   * DID or DID URL, compared byte for byte.
   *
   * @default not supported: the format is answered 400
   * @see RFC 9493 §3.2.6
   */
  did?: UserMapping<User, { url: string }>;
  /**
   * URI, compared byte for byte.
   *
   * @default not supported: the format is answered 400
   * @see RFC 9493 §3.2.7
   */
  uri?: UserMapping<User, { uri: string }>;
  /**
   * Opaque identifier.
   *
   * @default the property of `subject`
   * @see RFC 9493 §3.2.4
   */
  opaque?: UserMapping<User, { id: string }>;
  /**
   * Accounts at other issuers, by issuer, for users who are linked to accounts of an identity provider. Our own issuer
   * uses `subject`.
   *
   * @default {}
   * @see RFC 9493 §3.2.3
   */
  iss_sub?: Readonly<Record<string, UserMapping<User, { iss: string; sub: string }>>>;
  /**
   * Property with the tenant of a user, for callers that are restricted to one.
   *
   * @default none: such callers find no users
   */
  tenant?: string & keyof User;
  /**
   * Property that orders several matching users; the first is revoked. Text is ordered by its bytes on every database,
   * `Z` before `a`.
   *
   * @default the value of `subject`
   */
  orderBy?: string & keyof User;
}

/** How identifiers are mapped to users. @publicApi */
export interface UserOptions {
  /**
   * Where to look up users.
   *
   * @default required, unless `UserDirectory` is replaced
   */
  users?: UserSource;
  /**
   * Answer for an unknown user: 404, or 204 as Janssen does.
   *
   * @default 'not_found'
   * @see draft-parecki-oauth-global-token-revocation-06 §3.4.2
   */
  unknownSubject?: 'not_found' | 'no_content';
  /**
   * What to do if several users match: revoke the first, or answer 422.
   *
   * @default 'first'
   * @see Janssen Server, Global Token Revocation, draft-parecki-oauth-global-token-revocation-06 §3.4.2
   */
  ambiguousSubject?: 'first' | 'reject';
}

export const entity = must<EntityTarget<ObjectLiteral>>('an entity', (value) => value !== null);
export const property = must<string>('the name of a property', isText);
const mapping = <Given>() =>
  must<UserMapping<ObjectLiteral, Given>>(
    'the name of a property, or a function',
    (value) => isText(value) || isFunction(value),
  );

/** Formats that an attribute cannot replace. @see RFC 9493 §3.2 */
const TAKEN = ['opaque', 'iss_sub', 'aliases'];

const attributes = v.pipe(
  recordOf(mapping<{ id: string }>()),
  v.check(
    (given) => !TAKEN.some((name) => name in given),
    `${TAKEN.join(', ')} are formats of RFC 9493; give the attribute another name`,
  ),
);

const userSource = {
  entity,
  subject: property,
  attributes: v.optional(attributes, {}),
  email: v.exactOptional(mapping<{ email: string }>()),
  emailCase: v.optional(oneOf('ignored', 'counts'), 'ignored'),
  phone_number: v.exactOptional(mapping<{ phone_number: string }>()),
  account: v.exactOptional(mapping<{ uri: string; user: string; host: string }>()),
  did: v.exactOptional(mapping<{ url: string }>()),
  uri: v.exactOptional(mapping<{ uri: string }>()),
  opaque: v.exactOptional(mapping<{ id: string }>()),
  iss_sub: v.optional(recordOf(mapping<{ iss: string; sub: string }>()), {}),
  tenant: v.exactOptional(property),
  orderBy: v.exactOptional(property),
} satisfies Members<UserSource>;

const users = v.pipe(
  shape(userSource),
  v.transform((source) => ({
    ...source,
    opaque: source.opaque ?? source.subject,
    orderBy: source.orderBy ?? source.subject,
  })),
);

/** The option `users`, with its defaults. */
export type ResolvedUserSource = v.InferOutput<typeof users>;

export const userOptions = {
  users: v.exactOptional(users),
  unknownSubject: v.optional(oneOf('not_found', 'no_content'), 'not_found'),
  ambiguousSubject: v.optional(oneOf('first', 'reject'), 'first'),
} satisfies Members<UserOptions>;
