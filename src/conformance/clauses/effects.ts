import { type Clause, type ClauseGroup, clausesOf } from '../clause.js';
import { expectStatus, expectThat } from '../expect.js';
import { NotTested } from '../outcome.js';
import type { SignedIn } from '../signed-in.js';

const draft = clausesOf('draft-06');
const introspection = clausesOf('RFC 7662');
const okta = clausesOf('Okta Universal Logout');

/** What was alive before the 204 is dead after it. */
const ends =
  (what: string, isAlive: (person: SignedIn) => Promise<boolean>): Clause['check'] =>
  async (target) => {
    const person = await target.person();
    expectThat(await isAlive(person), `${what} did not work before the request either`);
    expectStatus(await target.revoke(person.subId), 204);
    expectThat(!(await isAlive(person)), `${what} still works after the 204`);
  };

/** What a revocation ends. */
export const effects: ClauseGroup = {
  title: 'What ends',
  clauses: [
    draft.must(
      8,
      '§3.3',
      'revoked → the refresh token is refused',
      ends('the refresh token', (person) => person.canRefresh()),
    ),
    draft.must(8, '§3.3', 'revoked → the refresh tokens of every sign-in are refused', async (target) => {
      const signIns = [await target.person(), await target.person()] as const;
      for (const each of signIns)
        expectThat(await each.canRefresh(), 'one of them did not work before the request either');
      expectStatus(await target.revoke(signIns[0].subId), 204);
      for (const each of signIns) expectThat(!(await each.canRefresh()), 'one of them still works after the 204');
    }),
    draft.must(8, '§A.3', 'revoked → a refresh token with offline_access is refused', async (target) => {
      const person = await target.person();
      if (!(await person.refreshScopes()).has('offline_access')) {
        throw new NotTested('needs a refresh token with offline_access, and an introspection endpoint that says so');
      }
      expectStatus(await target.revoke(person.subId), 204);
      expectThat(!(await person.canRefresh()), 'it still works after the 204');
    }),
    draft.should(
      9,
      '§3.3',
      'revoked → the access token is refused',
      ends('the access token', (person) => person.hasAccess()),
    ),
    okta.must(
      57,
      '',
      'revoked → the browser session is over',
      ends('the session', (person) => person.hasSession()),
    ),
    draft.must(10, '§3.3', 'revoked → no new tokens without signing in, new tokens after it', async (target) => {
      const before = await target.person();
      expectStatus(await target.revoke(before.subId), 204);
      expectThat(!(await before.canRefresh()), 'new tokens were issued without a sign-in');
      expectThat(await (await target.person()).canRefresh(), 'a new sign-in is refused');
    }),
    introspection.must(
      51,
      '§2.2',
      'introspection of a revoked token → nothing but {"active":false}',
      async (target) => {
        const person = await target.person();
        expectStatus(await target.revoke(person.subId), 204);
        const answer = JSON.stringify(await person.introspection());
        expectThat(answer === '{"active":false}', `it says ${answer.slice(0, 200)}`);
      },
    ),
    draft.must(7, '§3.3', 'revoked → nobody else is', async (target) => {
      const [person, other] = [await target.person(), await target.person('other')];
      expectStatus(await target.revoke(person.subId), 204);
      expectThat(await other.canRefresh(), 'another person was revoked too');
    }),
  ],
};
