import { randomBytes } from 'node:crypto';

export const port = process.env['PORT'] ?? '3000';

/** The address of this authorization server. */
export const issuer = process.env['ISSUER'] ?? `http://localhost:${port}`;

export const database = process.env['DATABASE'] ?? 'op.sqlite';

/** 32 bytes that encrypt what the database stores. Without `STORAGE_KEY`, everybody signs in again after a restart. */
export const storageKey = (): Buffer =>
  process.env['STORAGE_KEY'] ? Buffer.from(process.env['STORAGE_KEY'], 'base64url') : randomBytes(32);
