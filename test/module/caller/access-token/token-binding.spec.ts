import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessTokens } from '../../../../src/module/caller/access-token/access-tokens.js';
import { GLOBAL_REVOCATION_SCOPE } from '../../../../src/module/index.js';
import { send, uidBody } from '../../endpoint/send.js';
import { type Host, operator, registerCallers, startHost } from '../../host.js';
import { selfSigned } from '../../../support/certificates.js';
import { byteSequence } from '../../../support/tls-proxy.js';
import { Signer } from '../signer.js';

const [own, others] = await Promise.all(
  ['client', 'somebody else'].map(async (name) => new X509Certificate((await selfSigned(name)).certificate)),
);
const [key, otherKey] = [await Signer.create(), await Signer.create()];
const publicPart = ({ jwk: { kid: _kid, alg: _alg, ...jwk } }: Signer) => jwk;
const seconds = () => Math.floor(Date.now() / 1000);
const cnf = {
  jkt: await calculateJwkThumbprint(publicPart(key)),
  'x5t#S256': createHash('sha256').update(own!.raw).digest('base64url'),
};

/** What comes with the token: the proof of a key, and a certificate. */
const shown: Array<[title: string, proofBy: Signer | undefined, certificate: X509Certificate | undefined]> = [
  ['its key alone', key, undefined],
  ['its certificate alone', undefined, own],
  ['neither', undefined, undefined],
  ['its key and a certificate of another client', key, others],
  ['its certificate and a key of another client', otherKey, own],
];

describe('RFC 7800 §3.1, RFC 7638 §3: an access token that is bound to a key and to a certificate (RFC 9449 §6, RFC 8705 §3)', () => {
  let host: Host;
  let endpoint: string;
  let signer: Signer;
  beforeAll(async () => {
    signer = await Signer.create();
    const read = (header: unknown) =>
      typeof header === 'string' ? new X509Certificate(Buffer.from(header.slice(1, -1), 'base64')) : undefined;
    host = await startHost('fastify', {
      options: {
        jwtAccessTokens: { jwks: signer.jwks },
        mutualTls: { clientCertificate: ({ headers }) => read(headers['client-cert']) },
      },
    });
    endpoint = `${host.url}/global-token-revocation`;
    await registerCallers(host);
    const token = { clientId: operator.id, scope: GLOBAL_REVOCATION_SCOPE, cnf };
    host.app.get(AccessTokens).offer((value) => Promise.resolve(value === 'opaque' ? token : undefined));
  });
  afterAll(() => host.app.close());

  const asJwt = () => {
    const issued = { iss: host.url, aud: endpoint, sub: operator.id, client_id: operator.id, jti: randomUUID() };
    const claims = { ...issued, iat: seconds(), exp: seconds() + 300, scope: GLOBAL_REVOCATION_SCOPE, cnf };
    return signer.sign(claims, { typ: 'at+jwt' });
  };
  const tokens = { 'looked up': () => Promise.resolve('opaque'), 'a JWT': asJwt };

  /** A request with a token and with what is shown beside it. */
  async function status(token: string, by?: Signer, certificate?: X509Certificate): Promise<number> {
    const ath = createHash('sha256').update(token).digest('base64url');
    const claims = { htm: 'POST', htu: endpoint, iat: seconds(), jti: randomUUID(), ath };
    const headers = {
      'content-type': 'application/json',
      authorization: `${by ? 'DPoP' : 'Bearer'} ${token}`,
      ...(by && { dpop: await by.sign(claims, { typ: 'dpop+jwt', kid: undefined, jwk: publicPart(by) }) }),
      ...(certificate && { 'client-cert': byteSequence(certificate.raw) }),
    };
    return (await send(endpoint, { headers, body: uidBody('ann') })).status;
  }

  describe.each(Object.entries(tokens))('%s', (kind, token) => {
    test(`${kind}: returns 204 with its key and its certificate`, async () => {
      expect(await status(await token(), key, own)).toBe(204);
    });

    test.each(shown)(`${kind}: returns 401 with %s`, async (_title, by, certificate) => {
      expect(await status(await token(), by, certificate)).toBe(401);
    });
  });
});
