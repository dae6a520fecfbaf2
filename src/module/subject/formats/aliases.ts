import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../options/schema.js';
import { UNSUPPORTED, type UserIdentifier } from '../user-identifier.js';
import { email } from './email.js';

/** Maximum number of identifiers in `aliases`. */
const ALIASES_MAX = 10;

/** Several identifiers of one user. @see RFC 9493 §3.2.8 */
export const aliases = {
  title: 'Several identifiers of one user',
  description: 'All identifiers that match a user must match the same user. Unsupported formats are ignored.',
  max: ALIASES_MAX,
  example: {
    identifiers: [
      { format: 'email', ...email.example },
      { format: 'uid', id: 'alice' },
    ],
  },
} as const;

/**
 * Reads the members of `aliases`. Entries in unsupported formats are ignored, because senders do not know what the
 * receiver supports; at least one entry must remain.
 *
 * @param readOne reads an identifier other than `aliases`
 * @returns undefined if a member is invalid
 * @see RFC 9493 §3.2.8
 */
export function readAliases(
  { identifiers: entries, ...more }: Record<string, unknown>,
  readOne: (entry: Record<string, unknown>) => UserIdentifier | typeof UNSUPPORTED | undefined,
): UserIdentifier[] | typeof UNSUPPORTED | undefined {
  if (!Array.isArray(entries) || entries.length > ALIASES_MAX || Object.keys(more).length > 0) return undefined;
  if (entries.some((entry, i) => entries.slice(0, i).some((earlier) => isDeepStrictEqual(earlier, entry)))) {
    return undefined;
  }
  const identifiers: UserIdentifier[] = [];
  for (const entry of entries as unknown[]) {
    if (!isObject(entry) || entry['format'] === 'aliases') return undefined;
    const one = readOne(entry);
    if (one === undefined) return undefined;
    if (one !== UNSUPPORTED) identifiers.push(one);
  }
  if (identifiers.length > 0) return identifiers;
  return entries.length === 0 ? undefined : UNSUPPORTED;
}
