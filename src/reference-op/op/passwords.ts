import { hash, verify } from '@node-rs/argon2';

/** argon2id with 19 MiB, 2 passes, 1 lane. @see OWASP Password Storage Cheat Sheet */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes a password, in PHC string format. */
export const hashPassword = (password: string): Promise<string> => hash(password, COST);

let nobody: Promise<string> | undefined;

/** Returns whether the password is right; without a hash, it takes as long and returns false. */
export async function verifyPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  nobody ??= hashPassword('nobody');
  const same = await verify(passwordHash ?? (await nobody), password);
  return same && passwordHash !== undefined;
}
