import type { Answer } from './http.js';
import { NotTested } from './outcome.js';
import type { SubId } from './signed-in.js';
import type { Target } from './target.js';

/** Identifiers that nobody has, one of each format. @see RFC 9493 §3.2 */
const NOBODY: readonly SubId[] = [
  { format: 'opaque', id: 'conformance-nobody' },
  { format: 'email', email: 'conformance-nobody@example.com' },
  { format: 'iss_sub', iss: 'https://issuer.example.com', sub: 'conformance-nobody' },
  { format: 'phone_number', phone_number: '+12065550199' },
  { format: 'account', uri: 'acct:conformance-nobody@example.com' },
  { format: 'did', url: 'did:example:conformance-nobody' },
  { format: 'uri', uri: 'https://example.com/conformance-nobody' },
];

/** Returns an identifier of the same format, and of the same issuer, that nobody has. */
export function nobodyLike({ format, ...members }: SubId): SubId {
  const known = NOBODY.find((each) => each['format'] === format);
  if (known) return { ...known, ...('iss' in members && { iss: members['iss'] }) };
  const replaced = Object.keys(members).map((name) => [name, `conformance-${crypto.randomUUID()}`]);
  return { format, ...(Object.fromEntries(replaced) as SubId) };
}

/** Returns whether a valid identifier was accepted: 204, or 404 if nobody has it. */
const isUnderstood = ({ status }: Answer): boolean => status === 204 || status === 404;

/** Expects a valid identifier to be accepted; otherwise a 400 proves nothing. @throws NotTested */
export function expectUnderstood(answer: Answer): void {
  if (!isUnderstood(answer))
    throw new NotTested(`the server rejects a valid identifier of this format, too: it answered ${answer.status}`);
}

/**
 * Sends a valid request as a control: if the server rejects it, the rejection of another request proves nothing.
 *
 * @returns the identifier in that request: a person's if somebody can sign in, otherwise one that nobody has
 * @throws NotTested if the server accepts none, in any format
 */
export async function understood(target: Target): Promise<SubId> {
  const person = await target.anyPerson().catch((error: unknown) => {
    if (error instanceof NotTested) return undefined;
    throw error;
  });
  let status = 0;
  for (const subId of [...(person ? [person.subId] : []), ...NOBODY]) {
    const answer = await target.revoke(subId);
    if (isUnderstood(answer)) return subId;
    ({ status } = answer);
    if (status === 401) break; // this is not about the identifier
  }
  throw new NotTested(`the server rejects valid requests, too: it answered ${status}`);
}
