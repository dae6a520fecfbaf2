import { importJWK, type JWK, SignJWT } from 'jose';
import { ASSERTION_ALGORITHMS } from '../options/public-keys.options.js';
import type { StatusListSigner } from '../options/status-lists.options.js';

/**
 * Returns a signer that uses the first private key of a JWKS, such as that of oidc-provider's option `jwks`.
 *
 * @throws Error if no key is private, for signatures, and has an `alg`
 * @publicApi
 */
export function jwksSigner({ keys }: { keys: ReadonlyArray<Readonly<Record<string, unknown>>> }): StatusListSigner {
  const jwk = keys.find(
    ({ alg, d, use = 'sig' }) => d && use === 'sig' && ASSERTION_ALGORITHMS.includes(alg as string),
  );
  if (!jwk) throw new Error(`jwksSigner: needs a private key with \`alg\`: one of ${ASSERTION_ALGORITHMS.join(', ')}`);
  const { alg, kid } = jwk as { alg: string; kid?: string };
  let key: ReturnType<typeof importJWK> | undefined;
  return async (claims, header) => {
    key ??= importJWK(jwk as JWK, alg);
    const signed = new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg, ...(kid !== undefined && { kid }) });
    return signed.sign(await key);
  };
}
