import { nobodyLike } from './control.js';
import { expectAccepted, expectStatus, expectThat } from './expect.js';
import { NotTested } from './outcome.js';
import type { SubId } from './signed-in.js';
import type { Target } from './target.js';
import { expectSignedIn } from './without-effect.js';

/** Creates the headers of a restricted caller for one request. */
type Headers = () => { authorization: string } | Promise<{ authorization: string }>;

/**
 * Expects that a user outside the caller's restrictions gets the same answer as an unknown user.
 *
 * @throws Mismatch; NotTested if the caller cannot revoke a user inside its restrictions either
 */
export async function expectLikeNobody(target: Target, outside: SubId, headers: Headers): Promise<void> {
  const inside = (await target.anyPerson()).identifier(String(outside['format']));
  expectAccepted(await target.revoke(inside, await headers()));
  const answer = await target.revoke(outside, await headers());
  const unknown = await target.revoke(nobodyLike(outside), await headers());
  expectStatus(answer, unknown.status);
  expectThat(answer.text === unknown.text, 'the bodies of the two answers differ');
}

/**
 * Expects that a user outside the caller's restrictions stays signed in, and that another caller can revoke that user.
 *
 * @throws Mismatch; NotTested if that user is not the `other` of the sign-in command
 */
export async function expectOutOfReach(target: Target, outside: SubId, headers: Headers): Promise<void> {
  const other = await target.person('other');
  const isOther = other.person.identifiers.some((each) => JSON.stringify(each) === JSON.stringify(outside));
  if (!isOther) throw new NotTested('needs "outside" to be an identifier that --sign-in prints for WHO=other');
  await target.revoke(outside, await headers());
  await expectSignedIn(other);
  expectAccepted(await target.revoke(outside));
  expectThat(!(await other.canRefresh()), 'the other caller cannot revoke that user either');
}
