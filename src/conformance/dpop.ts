import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { basic, type ClientCredentials, jsonOf, send } from './http.js';
import { jwt, type JwtChanges } from './jwt.js';
import { NotTested } from './outcome.js';

/** An access token of a client that is bound to a key. @see RFC 9449 §5 */
export class DpopToken {
  private constructor(
    readonly value: string,
    private readonly key: JWK,
    private readonly publicKey: JWK,
  ) {}

  /** Requests a token with the client credentials grant. @throws NotTested if the server does not bind it to the key */
  static async request(tokenEndpoint: string, client: ClientCredentials): Promise<DpopToken> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const [key, shown] = [{ ...(await exportJWK(privateKey)), alg: 'ES256' }, await exportJWK(publicKey)];
    const proof = await jwt(
      key,
      'dpop+jwt',
      { htm: 'POST', htu: tokenEndpoint, exp: undefined },
      { header: { jwk: shown } },
    );
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'global_token_revocation' }).toString();
    const headers = { authorization: basic(client), dpop: proof, 'content-type': 'application/x-www-form-urlencoded' };
    const answer = jsonOf(await send(tokenEndpoint, { method: 'POST', headers, body }));
    const token = answer?.['access_token'];
    if (typeof token !== 'string' || answer?.['token_type'] !== 'DPoP') {
      throw new NotTested('needs a token endpoint that binds access tokens to keys (DPoP)');
    }
    return new DpopToken(token, key, shown);
  }

  /** Returns the headers of a request with this token. */
  async headers(url: string, changes: JwtChanges = {}): Promise<{ authorization: string; dpop: string }> {
    const ath = createHash('sha256').update(this.value).digest('base64url');
    const claims = { htm: 'POST', htu: url, ath, exp: undefined };
    const dpop = await jwt(this.key, 'dpop+jwt', claims, {
      ...changes,
      header: { jwk: this.publicKey, ...changes.header },
    });
    return { authorization: `DPoP ${this.value}`, dpop };
  }
}
