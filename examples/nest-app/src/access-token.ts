import { randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';

export interface AccessToken {
  userId: string;
  /** The epoch of the sign-in. */
  epoch: string;
}

const { ACCESS_TOKEN_KEY } = process.env;
/** Give every process the same key. Without one, access tokens end with the process. */
const key = ACCESS_TOKEN_KEY ? Buffer.from(ACCESS_TOKEN_KEY, 'base64url') : randomBytes(32);

export const issueAccessToken = ({ userId, epoch }: AccessToken): Promise<string> =>
  new SignJWT({ epoch }).setProtectedHeader({ alg: 'HS256' }).setSubject(userId).setExpirationTime('5m').sign(key);

/** @throws Error if the token is not ours or has expired. It does not know about revocations. */
export async function readAccessToken(token: string): Promise<AccessToken> {
  const options = { algorithms: ['HS256'], requiredClaims: ['sub', 'epoch', 'exp'] };
  const { payload } = await jwtVerify<{ epoch: string }>(token, key, options);
  return { userId: payload.sub!, epoch: payload.epoch };
}
