import { type ClauseGroup, clausesOf } from '../clause.js';
import { understood } from '../control.js';
import { expectAccepted, expectStatus, expectThat } from '../expect.js';
import { basic } from '../http.js';
import { expectLikeNobody, expectOutOfReach } from '../limits.js';
import { SCOPE, scopesOf } from '../scope.js';
import { clientToken } from '../tokens.js';
import { expectSignedIn, withoutEffect } from '../without-effect.js';

const draft = clausesOf('draft-06');

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** What a credential is good for. */
export const authority: ClauseGroup = {
  title: 'Scope and limits of a caller',
  clauses: [
    draft.must(
      20,
      '§7.1',
      "a person's own access token → refused, and the person stays signed in",
      withoutEffect([401, 403], (target, person) => target.revoke(person.subId, bearer(person.accessToken))),
    ),
    draft.should(
      20,
      '§7.1',
      "the caller's access token without the scope → 403, and the person stays signed in",
      async (target) => {
        const narrow = await clientToken(target, SCOPE);
        expectAccepted(await target.revoke((await target.anyPerson()).subId, bearer(narrow.value)));
        const other = await clientToken(target, '');
        expectThat(!other.scopes.has(SCOPE), 'a token that was asked for without the scope has it');
        const person = await target.person();
        expectStatus(await target.revoke(person.subId, bearer(other.value)), 403);
        await expectSignedIn(person);
      },
    ),
    draft.should(21, '§7.1', 'a person is asked for the scope → no token that has it', async (target) => {
      await understood(target);
      const person = await target.person();
      const answer = await person.authorize(SCOPE);
      if (answer === undefined) return;
      expectThat(!scopesOf(answer).has(SCOPE), `the person's access token has the scope ${SCOPE}`);
      expectStatus(await target.revoke(person.subId, bearer(String(answer['access_token']))), 401, 403);
      await expectSignedIn(person);
    }),
    draft.should(
      22,
      '§7.2',
      'user outside of what the caller may name → answered like an unknown one',
      async (target) => {
        const limited = target.need('limited_caller');
        await expectLikeNobody(target, limited.outside, () => ({ authorization: basic(limited) }));
      },
    ),
    draft.should(
      23,
      '§7.2',
      'user outside of what the credential is for → stays signed in; with another credential → 204',
      async (target) => {
        const limited = target.need('limited_caller');
        await expectOutOfReach(target, limited.outside, () => ({ authorization: basic(limited) }));
      },
    ),
  ],
};
