import type { StartedClient, StartedServer } from './options.js';

/** Returns the `Authorization` header of a client with a secret. @see RFC 6749 §2.3.1 */
export const basic = ({ client_id, client_secret }: StartedClient): string =>
  `Basic ${Buffer.from([client_id, client_secret ?? ''].map(encodeURIComponent).join(':')).toString('base64')}`;

/** Revokes a user with a request of the operator. @throws Error unless the answer is 204 */
export async function revoke(
  { endpoint, operator }: StartedServer,
  user: string | Record<string, unknown>,
): Promise<void> {
  const sub_id = typeof user === 'string' ? { format: 'uid', id: user } : user;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: basic(operator), 'content-type': 'application/json' },
    body: JSON.stringify({ sub_id }),
  });
  if (response.status === 204) return;
  throw new Error(`${JSON.stringify(sub_id)} was not revoked: ${response.status} ${await response.text()}`);
}
