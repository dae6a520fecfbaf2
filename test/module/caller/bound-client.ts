import { createHash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { basic } from '../../support/operator.js';
import { demoOperator } from '../../support/people.js';
import type { TestServer } from '../../support/server.js';
import { Signer } from './signer.js';

/** Members of a proof that are replaced, or left out when undefined. */
export interface ProofChanges {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  /** Signs in place of the holder. */
  by?: Signer;
}

/** A client that binds its access tokens to a key. @see RFC 9449 */
export class BoundClient {
  private constructor(
    private readonly server: TestServer,
    readonly signer: Signer,
    /** Its access token. */
    readonly token: string,
    /** Of its key. */
    readonly thumbprint: string,
  ) {}

  /** With a token of the demo operator's. */
  static async create(server: TestServer, alg = 'ES256', scope = 'global_token_revocation'): Promise<BoundClient> {
    const signer = await Signer.create('dpop', alg);
    const dpop = await tokenProof(signer, server);
    const token = await request(server, 'DPoP', { dpop }, scope);
    return new BoundClient(server, signer, token, await calculateJwkThumbprint(publicPart(signer)));
  }

  /** With a key, and a token that is not bound to it. */
  static async unbound(server: TestServer): Promise<BoundClient> {
    return new BoundClient(server, await Signer.create(), await unboundToken(server), '');
  }

  /** With the same key and another token. */
  holding(token: string): BoundClient {
    return new BoundClient(this.server, this.signer, token, this.thumbprint);
  }

  /** A proof for a request to the endpoint. */
  proof({ claims, header, by = this.signer }: ProofChanges = {}): Promise<string> {
    const ath = createHash('sha256').update(this.token).digest('base64url');
    const shown = { jwk: publicPart(this.signer), ...header };
    return proofOf(by, { htu: this.server.endpoint, ath, ...claims }, shown);
  }

  /** The headers of a request to the endpoint. */
  async headers(changes: ProofChanges = {}): Promise<Record<string, string>> {
    return this.with(await this.proof(changes));
  }

  /** The headers of a request with this proof. */
  with(dpop: string): Record<string, string> {
    return { authorization: `DPoP ${this.token}`, dpop, 'content-type': 'application/json' };
  }
}

/** A token of the demo operator's that is bound to nothing. */
export const unboundToken = (server: TestServer): Promise<string> => request(server, 'Bearer');

/** A token of the demo operator's, of this type. */
async function request(server: TestServer, type: string, headers = {}, scope = 'global_token_revocation') {
  const { clientId, secret } = demoOperator;
  const response = await fetch(`${server.local}/token`, {
    method: 'POST',
    headers: { authorization: basic(clientId, secret), ...headers },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
  });
  const answer = (await response.json()) as { access_token: string; token_type: string };
  if (answer.token_type !== type) throw new Error(`not ${type}: ${response.status} ${JSON.stringify(answer)}`);
  return answer.access_token;
}

const publicPart = ({ jwk: { kid: _kid, alg: _alg, ...key } }: Signer) => key;

/** A proof for a request to the token endpoint. */
export const tokenProof = (signer: Signer, { url }: TestServer): Promise<string> =>
  proofOf(signer, { htu: `${url}/token` });

const proofOf = (signer: Signer, claims: object, header: object = {}): Promise<string> =>
  signer.sign(
    { htm: 'POST', iat: Math.floor(Date.now() / 1000), jti: randomUUID(), ...claims },
    { typ: 'dpop+jwt', kid: undefined, jwk: publicPart(signer), ...header },
  );
