import type { IdentifierFormat } from './identifier-format.js';

const E164 = String.raw`^\+[1-9][0-9]{1,14}$`;

/** Returns a valid E.164 number unchanged. @see RFC 9493 §3.2.5, ITU-T E.164 §6 */
export const exactPhoneNumber = (number: string): string | undefined =>
  new RegExp(E164).test(number) ? number : undefined;

/** @see RFC 9493 §3.2.5 */
export const phoneNumber = {
  title: 'Telephone number',
  members: { phone_number: { description: 'E.164.', pattern: E164 } },
  member: 'phone_number',
  canonical: exactPhoneNumber,
  example: { phone_number: '+12065550100' },
} as const satisfies IdentifierFormat;
