import { understood } from './control.js';
import { expectStatus, expectThat } from './expect.js';
import type { Answer } from './http.js';
import type { Check } from './requirement.js';
import type { SignedIn } from './signed-in.js';
import type { Target } from './target.js';

type Ask = (target: Target, person: SignedIn) => Promise<Answer>;

/** Checks that a request gets one of these statuses and that the person stays signed in. */
export const withoutEffect =
  (statuses: number | readonly number[], ask: Ask): Check =>
  async (target) => {
    await understood(target);
    const person = await target.person();
    expectStatus(await ask(target, person), ...[statuses].flat());
    await expectSignedIn(person);
  };

/** @throws Mismatch if the person was revoked */
export async function expectSignedIn(person: SignedIn): Promise<void> {
  expectThat(await person.canRefresh(), 'the person was revoked although the request was rejected');
}
