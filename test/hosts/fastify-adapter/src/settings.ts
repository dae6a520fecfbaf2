import { randomBytes } from 'node:crypto';

/** Where this authorization server is found: at the root of its host. */
export const issuer = process.env['ISSUER'] ?? 'http://localhost:3000';

export const database = process.env['DATABASE'] ?? 'op.sqlite';

/** 32 bytes that seal what the database holds. Every node has the same, and keeps it elsewhere. */
export const storageKey = (): Buffer =>
  process.env['STORAGE_KEY'] ? Buffer.from(process.env['STORAGE_KEY'], 'base64url') : randomBytes(32);
