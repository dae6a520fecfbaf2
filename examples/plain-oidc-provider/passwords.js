import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(scrypt);

export async function hashPassword(password) {
  const salt = randomBytes(16).toString('base64url');
  return `${salt}.${(await derive(password, salt, 32)).toString('base64url')}`;
}

export async function isPassword(password, hash) {
  const [salt, expected] = hash.split('.');
  return timingSafeEqual(await derive(password, salt, 32), Buffer.from(expected, 'base64url'));
}
