import { exact, type IdentifierFormat } from './identifier-format.js';

/** @see RFC 9493 §3.2.4 */
export const opaque = {
  title: 'Account id',
  members: { id: { description: 'Account id: `sub` of the ID tokens.' } },
  member: 'id',
  canonical: exact,
  example: { id: '5a1c0a3e-0000-4000-8000-00000000a11c' },
} as const satisfies IdentifierFormat;
