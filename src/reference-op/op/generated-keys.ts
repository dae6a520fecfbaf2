import { createHash, generateKeyPair, type JsonWebKey, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

/** A private key in JWK form. @see RFC 7517 §4 */
export interface GeneratedJwk extends JsonWebKey {
  kty: string;
  kid: string;
}

/** All secret keys that a server needs. */
export interface GeneratedKeys {
  signing: { keys: GeneratedJwk[] };
  cookies: string[];
  /** 32 bytes in base64url. */
  storage: string;
}

const newKeyPair = promisify(generateKeyPair);

/** Generates keys for development and tests. */
export async function generateKeys(): Promise<GeneratedKeys> {
  const rsa = await newKeyPair('rsa', { modulusLength: 2048 });
  const ec = await newKeyPair('ec', { namedCurve: 'P-256' });
  const rs256 = rsa.privateKey.export({ format: 'jwk' });
  const es256 = ec.privateKey.export({ format: 'jwk' });
  const secret = () => randomBytes(32).toString('base64url');
  return {
    signing: {
      keys: [
        signingKey('RS256', rs256, { e: rs256.e, kty: rs256.kty, n: rs256.n }),
        signingKey('ES256', es256, { crv: es256.crv, kty: es256.kty, x: es256.x, y: es256.y }),
      ],
    },
    cookies: [secret(), secret()],
    storage: secret(),
  };
}

/** Returns a signing key with its thumbprint as key id. @see RFC 7638 §3 */
function signingKey(alg: string, jwk: JsonWebKey, required: object): GeneratedJwk {
  const kid = createHash('sha256').update(JSON.stringify(required)).digest('base64url');
  return { ...(jwk as GeneratedJwk), kid, alg, use: 'sig' };
}
