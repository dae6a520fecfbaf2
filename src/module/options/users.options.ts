import type { EntityTarget, ObjectLiteral } from 'typeorm';
import * as v from 'valibot';
import { isFunction, isText, type Members, must, oneOf, recordOf, shape } from './schema.js';

/**
 * Users by the properties of their entity: all of them have to be equal, byte for byte. Text only, as the column holds it.
 *
 * @publicApi
 */
export type UserCondition<User extends ObjectLiteral = ObjectLiteral> = {
  readonly [P in string & keyof User]?: string;
};

/** Nobody, one condition, or several of which one has to hold. @publicApi */
export type UserConditions<User extends ObjectLiteral> =
  UserCondition<User> | readonly UserCondition<User>[] | undefined;

/**
 * What an identifier names: a property of the entity, compared in the format's canonical form, or a function that says the
 * same in properties. What a function reads from elsewhere it has to compare itself: the collations of MySQL take `ADMIN`,
 * `ádmin` and `admin ` for `admin`. When that is not enough, replace `UserDirectory`.
 *
 * @publicApi
 */
export type UserMapping<User extends ObjectLiteral, Members> =
  (string & keyof User) | ((identifier: Members) => UserConditions<User> | Promise<UserConditions<User>>);

/** Where the host keeps its users, when they are rows of one table. @publicApi */
export interface UserSource<User extends ObjectLiteral = ObjectLiteral> {
  /** The host's user entity. */
  entity: EntityTarget<User>;
  /**
   * Property that holds the account id (the public `sub`): what tokens and sessions belong to. `opaque`, and `iss_sub` with
   * our own issuer, name it.
   */
  subject: string & keyof User;
  /**
   * Allow-list of the Janssen profile: `format` name → what it names. A name outside it is 400, never a column. Names
   * compared as e-mail addresses are `mail` and `email`; such a column must hold lower-case addresses where the database
   * tells cases apart.
   *
   * @default {}
   * @see Janssen Server, Global Token Revocation
   */
  attributes?: Readonly<Record<string, UserMapping<User, { id: string }>>>;
  /**
   * E-mail address. A column must hold lower-case addresses where the database tells cases apart.
   *
   * @default not supported: the format is 400
   * @see RFC 9493 §3.2.2
   */
  email?: UserMapping<User, { email: string }>;
  /**
   * Whether upper and lower case before the `@` of an e-mail address make two users, also in names of the Janssen profile that
   * are addresses. The case of the domain never counts; a column must then hold it in lower case.
   *
   * @default 'ignored'
   * @see RFC 9493 §3.2.2, RFC 5321 §2.4
   */
  emailCase?: 'ignored' | 'counts';
  /**
   * Telephone number: a column holds E.164, such as `+12065550100`.
   *
   * @default not supported: the format is 400
   * @see RFC 9493 §3.2.5
   */
  phone_number?: UserMapping<User, { phone_number: string }>;
  /**
   * Account at a service provider: a column holds the whole `acct` URI, scheme and host in lower case; a function is also
   * given its parts, `user` without percent-encoding.
   *
   * @default not supported: the format is 400
   * @see RFC 9493 §3.2.1, RFC 7565 §4
   */
  account?: UserMapping<User, { uri: string; user: string; host: string }>;
  /**
   * DID or DID URL, compared byte for byte.
   *
   * @default not supported: the format is 400
   * @see RFC 9493 §3.2.6
   */
  did?: UserMapping<User, { url: string }>;
  /**
   * URI, compared byte for byte.
   *
   * @default not supported: the format is 400
   * @see RFC 9493 §3.2.7
   */
  uri?: UserMapping<User, { uri: string }>;
  /**
   * Identifier without meaning to anybody else.
   *
   * @default the property of `subject`
   * @see RFC 9493 §3.2.4
   */
  opaque?: UserMapping<User, { id: string }>;
  /**
   * Account at an issuer, by issuer: for users who are linked to accounts of an identity provider. The account id at our own
   * issuer need not be named.
   *
   * @default {}
   * @see RFC 9493 §3.2.3
   */
  iss_sub?: Readonly<Record<string, UserMapping<User, { iss: string; sub: string }>>>;
  /**
   * Property that holds the tenant of a user, for callers that are limited to one.
   *
   * @default none: such callers find nobody
   */
  tenant?: string & keyof User;
  /**
   * Property that orders the matches when several users share an attribute; the first is revoked. Text is ordered by its
   * bytes on every database, `Z` before `a`.
   *
   * @default the value of `subject`
   */
  orderBy?: string & keyof User;
}

/** Whom an identifier names. @publicApi */
export interface UserOptions {
  /**
   * Where users are looked up.
   *
   * @default needed, unless `UserDirectory` is replaced
   */
  users?: UserSource;
  /**
   * Answer for a user nobody knows: 404, or 204 as Janssen gives.
   *
   * @default 'not_found'
   * @see draft-parecki-oauth-global-token-revocation-06 §3.4.2
   */
  unknownSubject?: 'not_found' | 'no_content';
  /**
   * When several users share the attribute: revoke the first, or refuse with 422.
   *
   * @default 'first'
   * @see Janssen Server, Global Token Revocation, draft-parecki-oauth-global-token-revocation-06 §3.4.2
   */
  ambiguousSubject?: 'first' | 'reject';
}

const property = must<string>('the name of a property', isText);
const mapping = <Given>() =>
  must<UserMapping<ObjectLiteral, Given>>(
    'the name of a property, or a function',
    (value) => isText(value) || isFunction(value),
  );

/** Formats that are compared in a way of their own, or name no column. @see RFC 9493 §3.2 */
const TAKEN = ['opaque', 'iss_sub', 'aliases'];

const attributes = v.pipe(
  recordOf(mapping<{ id: string }>()),
  v.check(
    (given) => !TAKEN.some((name) => name in given),
    `${TAKEN.join(', ')} are formats of RFC 9493; give the attribute another name`,
  ),
);

const userSource = {
  entity: must<EntityTarget<ObjectLiteral>>('an entity', (value) => value !== null),
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
