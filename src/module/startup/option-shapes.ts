import type { JwtAccessTokens, MutualTls, RemoteJwksOptions } from '../options/caller.options.js';
import type { GlobalRevocationOptions, RateLimit, RateLimits } from '../options/global-revocation.options.js';
import type { RevocationTarget } from '../options/revocation-target.options.js';
import type { UserSource } from '../options/user-source.options.js';
import {
  anything,
  asGiven,
  isObject,
  listOf,
  must,
  oneOf,
  recordOf,
  type Rules,
  shapeOf,
  valueOr,
  wholeNumber,
} from './option-rules.js';

/** Longest time that a timer can wait, in milliseconds: it would go off at once after more. */
const TIMER_MAX = 2 ** 31 - 1;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isFunction = (value: unknown): boolean => typeof value === 'function';

export const text = must(isText, 'text');
export const flag = must((value) => typeof value === 'boolean', 'true or false');
const property = must(isText, 'the name of a property');
const mapping = must((value) => isText(value) || isFunction(value), 'the name of a property, or a function');
const storage = must((value) => isObject(value) && isFunction(value['increment']), 'a ThrottlerStorage');
const key = must((value) => value instanceof Uint8Array, 'a Uint8Array', true);

const users: Rules<UserSource> = {
  entity: anything,
  subject: property,
  attributes: recordOf(mapping),
  email: mapping,
  emailCase: oneOf('ignored', 'counts'),
  phone_number: mapping,
  account: mapping,
  did: mapping,
  uri: mapping,
  opaque: mapping,
  iss_sub: recordOf(mapping),
  tenant: property,
  orderBy: property,
};

const userSource = shapeOf(users, 'entity', 'subject');
const noUserSource = must(isObject, 'an object such as { entity: User, subject: … }');

const target: Rules<RevocationTarget> = {
  entity: anything,
  userColumn: property,
  action: valueOr('delete', shapeOf({ set: must(isObject, 'an object') }, 'set')),
  epochColumn: property,
  orderColumn: property,
  batch: anything,
  counts: oneOf('sessions', 'tokens'),
};

const rateLimit: Rules<RateLimit> = { limit: wholeNumber(1), ttlSeconds: wholeNumber(1, Math.floor(TIMER_MAX / 1000)) };
const limit = valueOr(false, shapeOf(rateLimit, 'limit', 'ttlSeconds'));
const rateLimits: Rules<RateLimits> = { failures: limit, calls: limit, total: limit, storage };

const remoteJwks: Rules<RemoteJwksOptions> = { allowedHosts: listOf(text), ca: listOf(text) };
const mutualTls: Rules<MutualTls> = { clientCertificate: must(isFunction, 'a function'), baseUrl: text };
const jwtAccessTokens: Rules<JwtAccessTokens> = { jwks: anything, audience: text };

/** Every option. What is checked where it is used, with more than its shape, may be anything here. */
export const OPTIONS: Rules<GlobalRevocationOptions> = {
  issuer: text,
  users: (value, ...rest) => (isObject(value) ? userSource : noUserSource)(value, ...rest),
  featureFlags: recordOf(flag),
  unknownSubject: oneOf('not_found', 'no_content'),
  ambiguousSubject: oneOf('first', 'reject'),
  rateLimits: shapeOf(rateLimits),
  acceptSubjectMember: flag,
  startChecks: oneOf('refuse', 'warn', 'off'),
  production: flag,
  databaseTimeoutMs: wholeNumber(1, TIMER_MAX),
  databaseQueue: wholeNumber(1),
  auditKey: key,
  logEvents: flag,
  recordRetentionDays: wholeNumber(0),
  sweepIntervalMs: wholeNumber(0, TIMER_MAX),
  listeners: listOf(must(isFunction, 'a class')),
  targets: listOf(shapeOf(target, 'entity', 'userColumn', 'action')),
  identityProviders: defined,
  remoteJwks: shapeOf(remoteJwks),
  mutualTls: asGiven(shapeOf(mutualTls, 'clientCertificate')),
  jwtAccessTokens: shapeOf(jwtAccessTokens, 'jwks'),
};

/** As it is, without members of plain objects that are undefined. */
function defined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => defined(each));
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(value).filter(([, held]) => held !== undefined);
  return Object.fromEntries(members.map(([name, held]) => [name, defined(held)]));
}
