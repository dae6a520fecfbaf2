import { type Clause, type ClauseGroup, clausesOf } from '../clause.js';
import { SIGNED_REQUEST, signedRequest } from '../credentials.js';
import { expectAccepted, expectRefusal, expectStatus, expectThat } from '../expect.js';
import { expectLikeNobody, expectOutOfReach } from '../limits.js';
import { inSeconds, type JwtChanges, strangersKey } from '../jwt.js';
import { NotTested } from '../outcome.js';
import type { Target } from '../target.js';

const draft = clausesOf('draft-06');
const okta = clausesOf('Okta Universal Logout');

async function signed(target: Target, changes?: JwtChanges): Promise<{ authorization: string }> {
  const token = await signedRequest(target.need('connection'), await target.endpoint(), changes);
  return { authorization: `Bearer ${token}` };
}

/** A request signed with this change is 401. */
const refused =
  (change: (target: Target) => JwtChanges | Promise<JwtChanges>): Clause['check'] =>
  async (target) => {
    const email = (await target.anyPerson()).identifier('email');
    expectAccepted(await target.revoke(email, await signed(target)));
    expectStatus(await target.revoke(email, await signed(target, await change(target))), 401);
  };

const accepted =
  (format: string): Clause['check'] =>
  async (target) => {
    const person = await target.person();
    expectStatus(await target.revoke(person.identifier(format), await signed(target)), 204);
    expectThat(!(await person.canRefresh()), 'the refresh token still works after the 204');
  };

/** Identity providers that sign each request with their own key. */
export const connection: ClauseGroup = {
  title: 'Signed requests of an identity provider',
  clauses: [
    okta.must(
      52,
      '',
      `typ other than ${SIGNED_REQUEST} → 401`,
      refused(() => ({ header: { typ: 'at+jwt' } })),
    ),
    okta.must(
      53,
      '',
      'key of another connection → 401',
      refused(async (target) => ({ key: await strangersKey(target.need('connection').key) })),
    ),
    okta.must(
      54,
      '',
      'iss of another provider → 401',
      refused(() => ({ claims: { iss: 'https://other.example.com' } })),
    ),
    okta.must(
      54,
      '',
      'aud of another endpoint → 401',
      refused(() => ({ claims: { aud: 'https://other.example.com' } })),
    ),
    okta.must(
      55,
      '',
      'expired → 401',
      refused(() => ({ claims: { iat: inSeconds(-600), exp: inSeconds(-300) } })),
    ),
    okta.should(
      55,
      '',
      'lifetime of more than five minutes → 401',
      refused(() => ({ claims: { exp: inSeconds(3600) } })),
    ),
    okta.must(56, '', 'email of the person → 204, tokens end', accepted('email')),
    okta.must(56, '', 'iss_sub of the person → 204, tokens end', accepted('iss_sub')),
    okta.should(56, '', 'another format → refused', async (target) => {
      const email = (await target.anyPerson()).identifier('email');
      expectAccepted(await target.revoke(email, await signed(target)));
      expectRefusal(await target.revoke({ format: 'opaque', id: 'conformance-nobody' }, await signed(target)));
    }),
    okta.must(57, '', 'signed request → the browser session is over', async (target) => {
      const person = await target.person();
      expectThat(await person.hasSession(), 'there was no session before the request either');
      expectStatus(await target.revoke(person.identifier('email'), await signed(target)), 204);
      expectThat(!(await person.hasSession()), 'the session still works after the 204');
    }),
    draft.should(
      24,
      '§7.1',
      'user of another tenant than that of the identity provider → answered like an unknown one, and stays signed in',
      async (target) => {
        const { outside } = target.need('connection');
        if (outside === undefined) throw new NotTested('needs connection.outside in the configuration');
        await expectLikeNobody(target, outside, () => signed(target));
        await expectOutOfReach(target, outside, () => signed(target));
      },
    ),
    okta.must(58, '', 'signed request → its status is the whole answer', async (target) => {
      const email = (await target.anyPerson()).identifier('email');
      const answer = await target.revoke(email, await signed(target));
      expectStatus(answer, 204);
      expectThat(answer.text === '', 'the 204 has a body');
    }),
  ],
};
