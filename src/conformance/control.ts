import { NotTested } from './outcome.js';
import type { Answer } from './http.js';
import type { SubId } from './signed-in.js';
import type { Target } from './target.js';

/** Identifiers that nobody has, in every format. @see RFC 9493 §3.2 */
const NOBODY: readonly SubId[] = [
  { format: 'opaque', id: 'conformance-nobody' },
  { format: 'email', email: 'conformance-nobody@example.com' },
  { format: 'iss_sub', iss: 'https://issuer.example.com', sub: 'conformance-nobody' },
  { format: 'phone_number', phone_number: '+12065550199' },
  { format: 'account', uri: 'acct:conformance-nobody@example.com' },
  { format: 'did', url: 'did:example:conformance-nobody' },
  { format: 'uri', uri: 'https://example.com/conformance-nobody' },
];

/** Nobody, named in the same way: of the same issuer, and by any text where the format is not of RFC 9493. */
export function nobodyLike({ format, ...members }: SubId): SubId {
  const known = NOBODY.find((each) => each['format'] === format);
  if (known) return { ...known, ...('iss' in members && { iss: members['iss'] }) };
  const replaced = Object.keys(members).map((name) => [name, `conformance-${crypto.randomUUID()}`]);
  return { format, ...(Object.fromEntries(replaced) as SubId) };
}

const isUnderstood = ({ status }: Answer): boolean => status === 204 || status === 404;

/** That something else is 400 proves nothing otherwise. @throws NotTested unless it is 204, or 404 as nobody is called so */
export function expectUnderstood(answer: Answer): void {
  if (!isUnderstood(answer)) throw new NotTested(`the valid form is refused as well, with ${answer.status}`);
}

/**
 * The control: a valid request of the caller that the server understands. Where nothing is understood, a refusal proves
 * nothing.
 *
 * @returns whom it named: the person where one can sign in, else nobody
 * @throws NotTested when it understands none in any format
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
    if (status === 401) break; // it is not about the identifier
  }
  throw new NotTested(`no valid request is understood: the answer is ${status}`);
}
