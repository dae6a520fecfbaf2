import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { TargetOptions } from './target.js';

/** Wrong usage; the message says what is right. */
export class UsageError extends Error {}

export const USAGE = `Tests a Global Token Revocation endpoint against the draft, RFC 9493, OAuth and Okta Universal Logout, over HTTP only.

Usage: global-token-revocation-conformance --base-url URL [options]

  --base-url URL       issuer of the server; its metadata is read
  --endpoint URL       the endpoint, when the metadata does not name it
  --client-id ID       a client that may revoke, with HTTP Basic; its secret is read from CLIENT_SECRET
  --config FILE        JSON with these and all further options (docs/guides/conformance.md lists them)
  --sign-in COMMAND    signs a person in and prints tokens and cookies as JSON; what needs it is not tested without
  --only NUMBERS       tests only these numbers of the list, such as 8,9,57
  --html FILE          writes the report as a page
  --json FILE          writes the report as JSON
  --help               prints this

It revokes the people whom the sign-in command signs in, many times. Exit codes: 0 nothing failed, 1 something failed,
2 wrong usage, 3 the server does not answer, or nothing failed but the sign-in command.
`;

export interface Options {
  target: TargetOptions;
  signIn?: string | undefined;
  only: ReadonlySet<number>;
  html?: string | undefined;
  json?: string | undefined;
  help: boolean;
}

const text = { type: 'string' } as const;
const FLAGS = {
  'base-url': text,
  endpoint: text,
  'client-id': text,
  config: text,
  'sign-in': text,
  only: text,
  html: text,
  json: text,
  help: { type: 'boolean', default: false },
} as const;

const KNOWN = new Set<keyof TargetOptions>([
  ...(['base_url', 'endpoint', 'caller', 'caller_without_scope', 'limited_caller', 'assertion_caller'] as const),
  ...(['connection', 'certificate_bound_token', 'ambiguous', 'unknown_subject_status'] as const),
]);

/**
 * Reads the command line; it wins over the file.
 *
 * @param env holds `CLIENT_SECRET`
 * @throws UsageError
 */
export function readOptions(args: string[], env: Readonly<Record<string, string | undefined>>): Options {
  const { values } = parse(args);
  const { html, json, help, 'sign-in': signIn, 'client-id': clientId } = values;
  const file = values.config === undefined ? {} : readConfig(values.config);
  const base_url = values['base-url'] ?? file.base_url;
  const target = { ...file, ...(base_url !== undefined && { base_url }) } as TargetOptions;
  if (values.endpoint !== undefined) target.endpoint = values.endpoint;
  if (clientId !== undefined) {
    const secret = env['CLIENT_SECRET'];
    if (!secret) throw new UsageError('--client-id needs the secret of the client in the environment: CLIENT_SECRET');
    target.caller = { client_id: clientId, client_secret: secret };
  }
  if (!help) check(target);
  return { target, signIn, only: numbersOf(values.only), html, json, help };
}

function numbersOf(list = ''): ReadonlySet<number> {
  const numbers = list.split(',').filter((part) => part !== '');
  if (!numbers.every((part) => /^\d+$/.test(part))) throw new UsageError('--only must be numbers separated by commas');
  return new Set(numbers.map(Number));
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function readConfig(file: string): Partial<TargetOptions> {
  try {
    const config = JSON.parse(readFileSync(file, 'utf8')) as Partial<TargetOptions>;
    const unknown = Object.keys(config).filter((key) => !KNOWN.has(key as keyof TargetOptions));
    if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}; known: ${[...KNOWN].join(', ')}`);
    return config;
  } catch (error) {
    throw new UsageError(`--config ${file}: ${(error as Error).message}`);
  }
}

const ASYMMETRIC = /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/;

function check({ base_url: baseUrl, endpoint, ...callers }: TargetOptions): void {
  if (baseUrl === undefined) throw new UsageError('--base-url is missing');
  for (const [name, url] of Object.entries({ 'base-url': baseUrl, endpoint })) {
    if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
      throw new UsageError(`--${name} must be an http or https URL`);
    }
  }
  const { caller } = callers;
  const isCaller = [['client_id', 'client_secret'], ['access_token'], ['authorization']].some((members) =>
    members.every((name) => typeof (caller as Record<string, unknown> | undefined)?.[name] === 'string'),
  );
  if (caller !== undefined && !isCaller) {
    throw new UsageError('caller must have client_id and client_secret, or access_token, or authorization');
  }
  for (const name of ['assertion_caller', 'connection'] as const) {
    const caller = callers[name];
    if (caller && !(caller.key?.kty && ASYMMETRIC.test(caller.key.alg ?? ''))) {
      throw new UsageError(`${name}.key must be a private JWK with kty and an asymmetric alg`);
    }
  }
}
