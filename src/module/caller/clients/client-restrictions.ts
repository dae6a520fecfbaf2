import type { CallerRestrictions } from '../../options/caller.options.js';

const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');

const MEMBERS: Record<keyof CallerRestrictions, { holds(value: unknown): boolean; expected: string }> = {
  formats: { holds: isNames, expected: 'a list of format names' },
  issuers: { holds: isNames, expected: 'a list of issuers' },
  tenant: { holds: (value) => typeof value === 'string' && value !== '', expected: 'the name of a tenant' },
  unknownSubject: {
    holds: (value) => value === 'not_found' || value === 'no_content',
    expected: 'not_found or no_content',
  },
};

/**
 * Limits as they are stored. A limit that cannot be read is never taken for none.
 *
 * @throws Error that names the member
 */
export function parseRestrictions(stored: unknown): CallerRestrictions {
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
    throw new Error('the restrictions of a caller must be a JSON object');
  }
  for (const [name, value] of Object.entries(stored)) {
    const member = Object.hasOwn(MEMBERS, name) ? MEMBERS[name as keyof CallerRestrictions] : undefined;
    if (!member) throw new Error(`unknown limit '${name}'; known: ${Object.keys(MEMBERS).join(', ')}`);
    if (!member.holds(value)) throw new Error(`the limit '${name}' must be ${member.expected}`);
  }
  return stored;
}
