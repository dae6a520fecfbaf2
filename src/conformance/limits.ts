import { nobodyLike } from './control.js';
import { expectAccepted, expectStatus, expectThat } from './expect.js';
import { NotTested } from './outcome.js';
import type { SubId } from './signed-in.js';
import type { Target } from './target.js';
import { expectSignedIn } from './without-effect.js';

/** The headers of a caller that is limited; asked for anew for each request. */
type Headers = () => { authorization: string } | Promise<{ authorization: string }>;

/**
 * Somebody the caller may not name is answered like nobody.
 *
 * @throws Mismatch; NotTested when the caller cannot revoke the person whom it may name
 */
export async function expectLikeNobody(target: Target, outside: SubId, headers: Headers): Promise<void> {
  const inside = (await target.anyPerson()).identifier(String(outside['format']));
  expectAccepted(await target.revoke(inside, await headers()));
  const answer = await target.revoke(outside, await headers());
  const unknown = await target.revoke(nobodyLike(outside), await headers());
  expectStatus(answer, unknown.status);
  expectThat(answer.text === unknown.text, 'the two bodies differ');
}

/**
 * Somebody the caller may not name stays signed in, whom a caller without that limit revokes.
 *
 * @throws Mismatch; NotTested when that somebody is not the `other` of the sign-in command
 */
export async function expectOutOfReach(target: Target, outside: SubId, headers: Headers): Promise<void> {
  const other = await target.person('other');
  const isOther = other.person.identifiers.some((each) => JSON.stringify(each) === JSON.stringify(outside));
  if (!isOther)
    throw new NotTested('needs "outside" to be an identifier that the sign-in command prints for WHO=other');
  await target.revoke(outside, await headers());
  await expectSignedIn(other);
  expectAccepted(await target.revoke(outside));
  expectThat(!(await other.canRefresh()), 'another caller does not revoke that user either');
}
