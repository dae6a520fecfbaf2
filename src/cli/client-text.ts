import { type Client, GLOBAL_REVOCATION_SCOPE, type IdentityProvider } from 'nestjs-global-revocation';
import { secretId } from 'nestjs-global-revocation/administration';
import { columns, facts, isoTime } from './terminal-text.js';

/** Returns whether the secret from before the last rotation is still valid. */
export const hasTwoSecrets = ({ previousSecretHash, previousSecretExpiresAt: end }: Client): boolean =>
  previousSecretHash !== null && (end === null || end > Date.now());

interface NamedSecret {
  /** The id that revocation records use. */
  id: string;
  /** When it expires, in ISO 8601; null: when the operator ends it. */
  until: string | null;
}

function secretsOf(client: Client): NamedSecret[] {
  const { secretHash, previousSecretHash, previousSecretExpiresAt: end } = client;
  const newest = secretHash === null ? [] : [{ id: secretId(secretHash), until: null }];
  const previous = { id: secretId(previousSecretHash ?? ''), until: end === null ? null : isoTime(end) };
  return hasTwoSecrets(client) ? [...newest, previous] : newest;
}

const nameOf = ({ metadata }: Client): string => {
  const name = metadata['client_name'];
  return typeof name === 'string' ? name : '';
};

/** Returns whether the client may call the endpoint. */
const mayRevoke = ({ scope }: Client): boolean => scope.split(' ').includes(GLOBAL_REVOCATION_SCOPE);

/** Returns the `jwks_uri` of a client that signs, or the `kid` or type of each key; null for other clients. */
function keysOf({ metadata }: Client): string | string[] | null {
  const { token_endpoint_auth_method: method, jwks, jwks_uri: uri } = metadata;
  if (method !== 'private_key_jwt') return null;
  if (typeof uri === 'string') return uri;
  const { keys = [] } = (jwks ?? {}) as { keys?: Array<{ kid?: string; kty?: string }> };
  return keys.map(({ kid, kty }) => kid ?? `a key of type ${kty}`);
}

/** Returns a client as JSON, without secrets and hashes. */
export const clientJson = (client: Client) => ({
  clientId: client.clientId,
  name: nameOf(client),
  enabled: client.enabled === 1,
  mayRevoke: mayRevoke(client),
  scope: client.scope,
  secrets: secretsOf(client),
  keys: keysOf(client),
  restrictions: client.restrictions,
});

const secretsInWords = (client: Client): string =>
  secretsOf(client)
    .map(({ id, until }) => (until === null ? id : `${id} until ${until}`))
    .join(', ') || 'none';

const keysInWords = (client: Client): string => [keysOf(client) ?? []].flat().join(', ');

/** Returns the secrets of a client, or the keys if it signs its requests. */
const credentialsInWords = (client: Client): string =>
  keysOf(client) === null ? secretsInWords(client) : `signs with ${keysInWords(client)}`;

const restrictionsInWords = ({ restrictions }: Client): string =>
  restrictions === null ? 'none' : JSON.stringify(restrictions);

/** Returns a client as text for the record of a change; empty if there is no client. */
export const clientInWords = (client: Client | undefined): string =>
  client === undefined
    ? ''
    : `${client.enabled === 1 ? 'enabled' : 'disabled'}; scope: ${client.scope}; ` +
      `secrets: ${credentialsInWords(client)}; restrictions: ${restrictionsInWords(client)}`;

/** Returns the cells of a client's row. */
export const clientRow = (client: Client) => ({
  id: client.clientId,
  state: client.enabled === 1 ? 'enabled' : 'disabled',
  mayRevoke: mayRevoke(client) ? 'yes' : 'no',
  secrets: credentialsInWords(client),
  restrictions: restrictionsInWords(client),
  name: nameOf(client),
});

/** Returns the row of a configured identity provider, which commands cannot change. */
const identityProviderRow = ({ id, issuers, restrictions }: IdentityProvider) => ({
  id,
  state: 'configured',
  mayRevoke: 'yes',
  secrets: `signs as ${issuers.join(', ')}`,
  restrictions: restrictions === undefined ? 'none' : JSON.stringify(restrictions),
  name: '',
});

/** Returns clients and identity providers as a table. */
export function clientTable(clients: readonly Client[], identityProviders: readonly IdentityProvider[]): string {
  const rows = [...clients.map(clientRow), ...identityProviders.map(identityProviderRow)];
  const headings = ['CLIENT', 'STATE', 'MAY REVOKE', 'SECRETS', 'RESTRICTIONS', 'NAME'];
  return rows.length === 0 ? 'no clients' : columns(headings, rows.map(Object.values<string>));
}

/** Returns all details of a client. */
export function clientFacts(client: Client): string {
  const { id, state, secrets, restrictions, name } = clientRow(client);
  return facts([
    ['client', id],
    ['name', name || '(none)'],
    ['state', state],
    ['scope', client.scope || '(none)'],
    ['secrets', secrets],
    ['restrictions', restrictions],
  ]);
}

/** Returns a warning if the client may not call the endpoint. */
const withoutScope = (client: Client): ReadonlyArray<readonly [string, string]> =>
  mayRevoke(client) ? [] : [['may revoke', `no (scope ${GLOBAL_REVOCATION_SCOPE} is missing)`]];

/** Returns the text that shows a new secret. */
export const secretText = (client: Client, secret: string): string =>
  `${facts([
    ['client', client.clientId],
    ['secret', secret],
    ...withoutScope(client),
  ])}\nThe secret is shown once and is not stored. Save it now.`;

/** Returns the text that shows a new client with keys. */
export const keysText = (client: Client): string =>
  facts([['client', client.clientId], ['keys', keysInWords(client)], ...withoutScope(client)]);
