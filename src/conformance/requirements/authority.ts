import { understood } from '../control.js';
import { expectAccepted, expectStatus, expectThat } from '../expect.js';
import { basic } from '../http.js';
import { type RequirementGroup, requirementsOf } from '../requirement.js';
import { expectLikeNobody, expectOutOfReach } from '../restrictions.js';
import { SCOPE, scopesOf } from '../scope.js';
import { clientToken } from '../tokens.js';
import { expectSignedIn, withoutEffect } from '../without-effect.js';

const draft = requirementsOf('draft-06', { needs: ['--sign-in'] });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Authority of credentials. */
export const authority: RequirementGroup = {
  title: 'Scope and caller restrictions',
  requirements: [
    draft.must(
      '7.1 (a)',
      "A person's own access token gets 401 or 403 and revokes nobody",
      withoutEffect([401, 403], (target, person) => target.revoke(person.subId, bearer(person.accessToken))),
      { needs: ['caller'] },
    ),
    draft.should(
      '7.1 (b)',
      "The caller's access token without the scope gets 403 and revokes nobody",
      async (target) => {
        const narrow = await clientToken(target, SCOPE);
        expectAccepted(await target.revoke((await target.anyPerson()).subId, bearer(narrow.value)));
        const other = await clientToken(target, '');
        expectThat(!other.scopes.has(SCOPE), 'the caller asked for a token without the scope and got one that has it');
        const person = await target.person();
        expectStatus(await target.revoke(person.subId, bearer(other.value)), 403);
        await expectSignedIn(person);
      },
      { needs: ['--client-id'], feature: 'access tokens of callers' },
    ),
    draft.should(
      '7.1 (c)',
      'A person cannot get a token that has the scope',
      async (target) => {
        await understood(target);
        const person = await target.person();
        const answer = await person.authorize(SCOPE);
        if (answer === undefined) return;
        expectThat(!scopesOf(answer).has(SCOPE), `the person's access token has the scope ${SCOPE}`);
        expectStatus(await target.revoke(person.subId, bearer(String(answer['access_token']))), 401, 403);
        await expectSignedIn(person);
      },
      { needs: ['caller'] },
    ),
    draft.should(
      '7.2 (a)',
      'For a restricted caller, a user outside its restrictions looks like an unknown user',
      async (target) => {
        const caller = target.need('restricted_caller');
        await expectLikeNobody(target, caller.outside, () => ({ authorization: basic(caller) }));
      },
      { needs: ['restricted_caller'], feature: 'caller restrictions' },
    ),
    draft.should(
      '7.2 (b)',
      'A restricted caller cannot revoke a user outside its restrictions; another caller can',
      async (target) => {
        const caller = target.need('restricted_caller');
        await expectOutOfReach(target, caller.outside, () => ({ authorization: basic(caller) }));
      },
      { needs: ['caller', 'restricted_caller'], feature: 'caller restrictions' },
    ),
  ],
};
