import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';

/** Replacements that make a JWT invalid; undefined omits a claim. */
export interface JwtChanges {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: JWK;
}

const now = (): number => Math.floor(Date.now() / 1000);

/** Returns the time in this many seconds, in seconds since 1970. */
export const inSeconds = (seconds: number): number => now() + seconds;

/** Signs a JWT with `iat`, a new `jti`, and an `exp` in one minute. */
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

/** Creates a key of the same kind that is not registered. */
export async function strangersKey({ alg = 'RS256' }: JWK): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg };
}

/** Returns the JWT without its signature, and with the algorithm `none`. @see RFC 8725 §3.2 */
export function unsigned(token: string): string {
  const [header = '', payload] = token.split('.');
  const claimed = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  const changed = Buffer.from(JSON.stringify({ ...claimed, alg: 'none' })).toString('base64url');
  return `${changed}.${payload}.`;
}
