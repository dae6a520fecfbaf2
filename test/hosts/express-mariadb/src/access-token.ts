import { jwtVerify, SignJWT } from 'jose';

/** Whom an access token belongs to, and the stamp it inherited. */
export interface AccessToken {
  subject: string;
  stamp: number;
}

const key = new TextEncoder().encode(process.env['ACCESS_TOKEN_KEY'] ?? 'only-for-development-and-for-tests!');

export const issueAccessToken = ({ subject, stamp }: AccessToken): Promise<string> =>
  new SignJWT({ stamp }).setProtectedHeader({ alg: 'HS256' }).setSubject(subject).setExpirationTime('5m').sign(key);

/** @throws Error for a token that is not ours or has expired; whether it was revoked is not asked here */
export async function readAccessToken(token: string): Promise<AccessToken> {
  const { payload } = await jwtVerify<{ stamp: number }>(token, key, { requiredClaims: ['sub', 'stamp', 'exp'] });
  return { subject: payload.sub!, stamp: payload.stamp };
}
