import { expectStatus, expectThat } from '../expect.js';
import { NotTested } from '../outcome.js';
import { type Check, type RequirementGroup, requirementsOf } from '../requirement.js';
import type { SignedIn } from '../signed-in.js';

const shared = { needs: ['caller', '--sign-in'] } as const;
const draft = requirementsOf('draft-06', shared);
const introspection = requirementsOf('RFC 7662', shared);
const okta = requirementsOf('Okta', shared);

/** Checks that something works before the 204 and does not work after it. */
const ends =
  (what: string, isAlive: (person: SignedIn) => Promise<boolean>): Check =>
  async (target) => {
    const person = await target.person();
    expectThat(await isAlive(person), `${what} did not work before the revocation either`);
    expectStatus(await target.revoke(person.subId), 204);
    expectThat(!(await isAlive(person)), `${what} still works after the 204`);
  };

/** Requirements about what a revocation ends. */
export const effects: RequirementGroup = {
  title: 'What a revocation ends',
  requirements: [
    draft.must(
      '3.3 (b)',
      'A revocation ends the refresh token',
      ends('the refresh token', (person) => person.canRefresh()),
    ),
    draft.must('3.3 (c)', 'A revocation ends the refresh tokens of all sign-ins', async (target) => {
      const signIns = [await target.person(), await target.person()] as const;
      for (const each of signIns)
        expectThat(await each.canRefresh(), 'one of the two refresh tokens did not work before the revocation either');
      expectStatus(await target.revoke(signIns[0].subId), 204);
      for (const each of signIns)
        expectThat(!(await each.canRefresh()), 'one of the two refresh tokens still works after the 204');
    }),
    draft.must('A.3', 'A revocation ends a refresh token with the scope offline_access', async (target) => {
      const person = await target.person();
      if (!(await person.refreshScopes()).has('offline_access')) {
        throw new NotTested('needs a refresh token with offline_access, and an introspection endpoint that says so');
      }
      expectStatus(await target.revoke(person.subId), 204);
      expectThat(!(await person.canRefresh()), 'the refresh token still works after the 204');
    }),
    draft.should(
      '3.3 (d)',
      'A revocation ends the access token',
      ends('the access token', (person) => person.hasAccess()),
    ),
    okta.must(
      'Revocation details (a)',
      'A revocation ends the browser session',
      ends('the session', (person) => person.hasSession()),
    ),
    draft.must('3.3 (e)', 'After a revocation, the person must sign in again to get new tokens', async (target) => {
      const before = await target.person();
      expectStatus(await target.revoke(before.subId), 204);
      expectThat(!(await before.canRefresh()), 'the server issued new tokens without a sign-in');
      expectThat(await (await target.person()).canRefresh(), 'the server rejects the tokens of a new sign-in');
    }),
    introspection.must(
      '2.2',
      'Introspection of a revoked token returns {"active":false} and nothing else',
      async (target) => {
        const person = await target.person();
        expectStatus(await target.revoke(person.subId), 204);
        const answer = JSON.stringify(await person.introspection());
        expectThat(answer === '{"active":false}', `it returns ${answer.slice(0, 200)}`);
      },
      { feature: 'token introspection' },
    ),
    draft.must('3.3 (f)', "A revocation does not end other people's tokens", async (target) => {
      const [person, other] = [await target.person(), await target.person('other')];
      expectStatus(await target.revoke(person.subId), 204);
      expectThat(await other.canRefresh(), 'another person was revoked, too');
    }),
  ],
};
