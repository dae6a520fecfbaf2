import { basic, jsonOf, send } from './http.js';
import { NotTested } from './outcome.js';
import { scopesOf } from './scope.js';
import type { Target } from './target.js';

/** An access token of the caller itself. */
export interface ClientToken {
  value: string;
  scopes: ReadonlySet<string>;
}

/**
 * Requests an access token with the client credentials grant.
 *
 * @throws NotTested if the server does not issue one
 * @see RFC 6749 §4.4
 */
export async function clientToken(target: Target, scope: string): Promise<ClientToken> {
  const url = await target.metadataUrl('token_endpoint');
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== '' && { scope }) }).toString();
  const headers = {
    authorization: basic(target.need('--client-id')),
    'content-type': 'application/x-www-form-urlencoded',
  };
  const answer = jsonOf(await send(url, { method: 'POST', headers, body })) ?? {};
  const { access_token: value } = answer;
  if (typeof value !== 'string') throw new NotTested('needs a token endpoint that issues access tokens to the caller');
  return { value, scopes: scopesOf(answer) };
}
