import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

/** What is left out or replaced in a JWT that is meant to be wrong; undefined leaves a claim out. */
export interface JwtChanges {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: JWK;
}

const now = (): number => Math.floor(Date.now() / 1000);

/** Seconds since the epoch, from now. */
export const inSeconds = (seconds: number): number => now() + seconds;

/** A signed JWT with `iat`, `exp` in a minute and a fresh `jti`. */
export async function jwt(
  key: JWK,
  type: string | undefined,
  claims: Record<string, unknown>,
  changes: JwtChanges = {},
): Promise<string> {
  const signer = changes.key ?? key;
  const alg = signer.alg ?? 'RS256';
  const payload = { iat: now(), exp: inSeconds(60), jti: crypto.randomUUID(), ...claims, ...changes.claims };
  const kept = Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined));
  const header = {
    alg,
    ...(key.kid !== undefined && { kid: key.kid }),
    ...(type !== undefined && { typ: type }),
    ...changes.header,
  };
  return new SignJWT(kept).setProtectedHeader(header).sign(await importJWK(signer, alg));
}

/** A key of the same kind that nobody registered. */
export async function strangersKey({ alg = 'RS256' }: JWK): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg };
}

/** The JWT without a signature. @see RFC 8725 §3.2 */
export function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  return `${header}.${token.split('.')[1]}.`;
}
