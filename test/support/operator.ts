import { assertContract } from './contract.js';
import { demoOperator, type Person } from './people.js';
import type { TestServer } from './server.js';

/** Value of an `Authorization: Basic` header. */
export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/**
 * Calls the endpoint as the demo operator would with curl.
 *
 * @throws Error when the answer is not as the OpenAPI document says
 */
export async function revoke(
  { endpoint }: Pick<TestServer, 'endpoint'>,
  subId: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: basic(demoOperator.clientId, demoOperator.secret),
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify({ sub_id: subId }),
  });
  await assertContract(response);
  return response;
}

/** Ends everything of a person. @throws Error when the answer is not 204 */
export async function revokePerson(server: Pick<TestServer, 'endpoint'>, { uid }: Pick<Person, 'uid'>): Promise<void> {
  const response = await revoke(server, { format: 'uid', id: uid });
  if (response.status !== 204) throw new Error(`not revoked: ${response.status} ${await response.text()}`);
}
