import { readFileSync } from 'node:fs';
import type { TargetOptions } from './target-options.js';
import { UsageError } from './usage-error.js';

type Rule = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Rule = (value) => typeof value === 'string' && value !== '';
const isPort: Rule = (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;
const isSubId: Rule = (value) => isObject(value) && isText(value['format']);
const isUrl: Rule = (value) =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
const isKey: Rule = (value) =>
  isObject(value) &&
  isText(value['kty']) &&
  /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/.test(typeof value['alg'] === 'string' ? value['alg'] : '');
const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value);
/** An object with these members. */
const all =
  (members: Record<string, Rule>): Rule =>
  (value) =>
    isObject(value) && Object.entries(members).every(([name, rule]) => rule(value[name]));

const client = { client_id: isText, client_secret: isText };
const isCaller: Rule = (value) =>
  [client, { access_token: isText }, { authorization: isText }].some((members) => all(members)(value));

/** The rule for each member, and its description. */
const RULES: Record<keyof TargetOptions, [Rule, string]> = {
  base_url: [isUrl, 'an http or https URL'],
  endpoint: [isUrl, 'an http or https URL'],
  caller: [isCaller, 'an object with client_id and client_secret, or with access_token, or with authorization'],
  caller_without_scope: [all(client), 'an object with client_id and client_secret'],
  restricted_caller: [
    all({ ...client, outside: isSubId }),
    'an object with client_id, client_secret and outside (a subject identifier)',
  ],
  assertion_caller: [
    all({ client_id: isText, key: isKey }),
    'an object with client_id and key (a private JWK with kty and an asymmetric alg)',
  ],
  identity_provider: [
    all({ issuer: isText, key: isKey, outside: optional(isSubId) }),
    'an object with issuer and key (a private JWK with kty and an asymmetric alg); outside is a subject identifier',
  ],
  certificate_bound_token: [isText, 'an access token'],
  logout_receiver: [
    all({ host: isText, port: isPort }),
    'an object with host and port, where the suite can listen, such as { "host": "127.0.0.1", "port": 8123 }',
  ],
  signals_receiver: [all(client), 'an object with client_id and client_secret'],
  ambiguous: [isSubId, 'a subject identifier'],
  unknown_subject_status: [(value) => value === 204 || value === 404, '204 or 404'],
};

/** Options of the command line that set a member. */
const FLAGS: Partial<Record<string, string>> = { base_url: '--base-url', endpoint: '--endpoint' };

/** Reads the configuration file. @throws UsageError if it is not JSON */
export function readConfig(file: string): Partial<TargetOptions> {
  try {
    const config: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isObject(config)) return config;
    throw new Error('it must contain a JSON object');
  } catch (error) {
    throw new UsageError(`--config ${file}: ${(error as Error).message}`);
  }
}

/** Checks all options, wherever they come from. @throws UsageError */
export function checkConfig(options: Partial<TargetOptions>): TargetOptions {
  if (options.base_url === undefined) throw new UsageError('missing --base-url: set it to the issuer of the server');
  for (const [name, value] of Object.entries(options)) {
    const shown = FLAGS[name] ?? `--config: ${name}`;
    const rule = (RULES as Partial<typeof RULES>)[name as keyof TargetOptions];
    if (!rule) throw new UsageError(`${shown} is unknown; known: ${Object.keys(RULES).join(', ')}`);
    if (!rule[0](value)) throw new UsageError(`${shown} must be ${rule[1]}`);
  }
  return options as TargetOptions;
}
