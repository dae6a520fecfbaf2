import { exact, type IdentifierFormat } from './identifier-format.js';

/** @see RFC 9493 §3.2.3 */
export const issSub = {
  title: 'Issuer and subject',
  members: {
    iss: {
      description: 'Issuer identifier of this server, or of an identity provider whose accounts are linked to users.',
    },
    sub: { description: 'Account id at that issuer: `sub` of its ID tokens.' },
  },
  member: 'sub',
  issuer: 'iss',
  canonical: exact,
  example: { iss: 'http://localhost:3000', sub: '5a1c0a3e-0000-4000-8000-00000000a11c' },
} as const satisfies IdentifierFormat;
