import { X509Certificate } from 'node:crypto';
import type { IdentityProvider, IdentityProviderKeys } from '../../options/caller.options.js';
import { unknownName } from '../../options/option-names.js';
import { ASSERTION_ALGORITHMS } from './assertion.js';
import { parseRestrictions } from '../clients/client-restrictions.js';
import { httpsUrlProblem, jwksProblem } from '../keys/public-jwks.js';

type Check = (value: unknown) => string | undefined;

const TOLERANCE_MAX = 60;
const NAME_MAX = 255;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() === value && value !== '';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text: Check = (value) => (isText(value) && value.length <= NAME_MAX ? undefined : 'must be text');
const texts: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isText) ? undefined : 'must be a list of texts';
const manyOf =
  (allowed: readonly string[]): Check =>
  (value) =>
    texts(value) === undefined && (value as string[]).every((each) => allowed.includes(each))
      ? undefined
      : `must be a list of ${allowed.join(', ')}`;
const seconds: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= TOLERANCE_MAX
    ? undefined
    : `must be a whole number of seconds from 0 to ${TOLERANCE_MAX}`;
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const url: Check = (value) => (isText(value) && URL.canParse(value) ? undefined : 'must be a URL');

/** What is allowed in an object; what is not named here is refused. */
const members =
  (checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value) => {
    if (!isObject(value)) return 'must be an object';
    const unknown = unknownName(value, Object.keys(checks));
    if (unknown !== undefined) return unknown;
    const missing = required.find((name) => value[name] === undefined);
    if (missing !== undefined) return `needs the member ${missing}`;
    for (const [name, check] of Object.entries(checks)) {
      const problem = value[name] === undefined ? undefined : check(value[name]);
      if (problem !== undefined) return `.${name}${problem.startsWith('.') ? '' : ' '}${problem}`;
    }
    return undefined;
  };

const certificate: Check = (value) => {
  try {
    const { publicKey } = new X509Certificate(isText(value) ? value : String(value).trim());
    return jwksProblem({ keys: [publicKey.export({ format: 'jwk' })] });
  } catch {
    return 'must be an X.509 certificate in PEM';
  }
};

const KEYS: Record<IdentityProviderKeys extends infer K ? (K extends K ? keyof K : never) : never, Check> = {
  jwks: jwksProblem,
  jwksUri: httpsUrlProblem,
  certificate,
};

const keys: Check = (value) =>
  members(KEYS)(value) ??
  (Object.keys(value as object).length === 1 ? undefined : `must have exactly one of ${Object.keys(KEYS).join(', ')}`);

const restrictions: Check = (value) => {
  try {
    parseRestrictions(value);
    return undefined;
  } catch (error) {
    return `are wrong: ${(error as Error).message}`;
  }
};

const IDENTITY_PROVIDER: Record<keyof IdentityProvider, Check> = {
  id: text,
  issuers: texts,
  subject: text,
  acceptUntyped: flag,
  keys,
  algorithms: manyOf(ASSERTION_ALGORITHMS),
  audience: url,
  restrictions,
  clockToleranceSeconds: seconds,
};

const identityProvider: Check = (value) =>
  members(IDENTITY_PROVIDER, ['id', 'issuers', 'keys'])(value) ?? untyped(value as IdentityProvider);

/** An ID token of the issuer has neither a `typ` nor this `sub`. */
const untyped = ({ acceptUntyped = false, subject }: IdentityProvider): string | undefined =>
  acceptUntyped && subject === undefined
    ? '.acceptUntyped needs a subject: other JWTs of an issuer have no typ either'
    : undefined;

/** What is wrong with a list of identity providers, in words that name the place: `[0].keys must …`; undefined when it is fine. */
export function identityProvidersError(identityProviders: unknown): string | undefined {
  if (!Array.isArray(identityProviders)) return 'must be a list of identity providers';
  for (const [index, each] of identityProviders.entries()) {
    const problem =
      identityProvider(each) ??
      clash(each as IdentityProvider, identityProviders.slice(0, index) as IdentityProvider[]);
    if (problem !== undefined) return `[${index}]${problem.startsWith('.') ? '' : ' '}${problem}`;
  }
  return undefined;
}

/** A JWT must lead to one identity provider. */
function clash({ id, issuers, subject }: IdentityProvider, earlier: readonly IdentityProvider[]): string | undefined {
  if (earlier.some((other) => other.id === id)) return '.id is the id of an earlier identity provider';
  const shares = earlier.some(
    (other) =>
      issuers.some((issuer) => other.issuers.includes(issuer)) &&
      (subject === undefined || other.subject === undefined || subject === other.subject),
  );
  return shares
    ? '.issuers has one of an earlier identity provider; then both need a subject, each its own'
    : undefined;
}
