import { jwtVerify, SignJWT } from 'jose';

/** Whom an access token belongs to, and the epoch it inherited. */
export interface AccessToken {
  subject: string;
  epoch: number;
}

const key = new TextEncoder().encode(process.env['ACCESS_TOKEN_KEY'] ?? 'only-for-development-and-for-tests!');

export const issueAccessToken = ({ subject, epoch }: AccessToken): Promise<string> =>
  new SignJWT({ epoch }).setProtectedHeader({ alg: 'HS256' }).setSubject(subject).setExpirationTime('5m').sign(key);

/** @throws Error for a token that is not ours or has expired; whether it was revoked is not asked here */
export async function readAccessToken(token: string): Promise<AccessToken> {
  const { payload } = await jwtVerify<{ epoch: number }>(token, key, { requiredClaims: ['sub', 'epoch', 'exp'] });
  return { subject: payload.sub!, epoch: payload.epoch };
}
