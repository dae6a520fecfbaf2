import { SIGNED_REQUEST, signedRequest } from '../credentials.js';
import { expectAccepted, expectRefusal, expectStatus, expectThat } from '../expect.js';
import { inSeconds, type JwtChanges, strangersKey, unsigned } from '../jwt.js';
import { type Check, type RequirementGroup, requirementsOf } from '../requirement.js';
import { expectLikeNobody, expectOutOfReach } from '../restrictions.js';
import type { Target } from '../target.js';

const shared = {
  needs: ['identity_provider', '--sign-in'],
  feature: 'identity providers as callers',
} as const;
const draft = requirementsOf('draft-06', shared);
const okta = requirementsOf('Okta', shared);

const token = async (target: Target, changes?: JwtChanges): Promise<string> =>
  signedRequest(target.need('identity_provider'), await target.endpoint(), changes);

const bearer = (jwt: string) => ({ authorization: `Bearer ${jwt}` });

const signed = async (target: Target, changes?: JwtChanges) => bearer(await token(target, changes));

/** A JWT with each of these changes gets 401. */
const rejected =
  (...changes: Array<(target: Target) => JwtChanges | Promise<JwtChanges>>): Check =>
  async (target) => {
    const email = (await target.anyPerson()).identifier('email');
    expectAccepted(await target.revoke(email, await signed(target)));
    for (const change of changes)
      expectStatus(await target.revoke(email, await signed(target, await change(target))), 401);
  };

const accepted =
  (format: string): Check =>
  async (target) => {
    const person = await target.person();
    expectStatus(await target.revoke(person.identifier(format), await signed(target)), 204);
    expectThat(!(await person.canRefresh()), 'the refresh token still works after the 204');
  };

/** Identity providers that sign each request with their own key. */
export const identityProvider: RequirementGroup = {
  title: 'Identity providers',
  requirements: [
    draft.must(
      '3.5 (a)',
      'A JWT from another issuer gets 401',
      rejected(() => ({ claims: { iss: 'https://other.example.com' } })),
    ),
    draft.must(
      '3.5 (b)',
      'A JWT whose aud is not exactly the endpoint URL gets 401',
      rejected(
        () => ({ claims: { aud: 'https://other.example.com' } }),
        async (target) => ({ claims: { aud: `${await target.endpoint()}?tenant=1` } }),
      ),
    ),
    draft.must(
      '3.5 (c)',
      'A JWT without iss, sub, aud, jti, iat or exp gets 401',
      rejected(
        ...['iss', 'sub', 'aud', 'jti', 'iat', 'exp'].map((claim) => () => ({ claims: { [claim]: undefined } })),
      ),
    ),
    draft.must(
      '3.5 (d)',
      'An expired JWT gets 401',
      rejected(() => ({ claims: { iat: inSeconds(-600), exp: inSeconds(-300) } })),
    ),
    draft.should(
      '3.5 (e)',
      'A JWT that is valid for an hour gets 401',
      rejected(() => ({ claims: { exp: inSeconds(3600) } })),
    ),
    draft.must(
      '3.5 (f)',
      'A JWT signed with an unregistered key gets 401',
      rejected(async (target) => ({ key: await strangersKey(target.need('identity_provider').key) })),
    ),
    draft.must('3.5 (g)', 'An unsigned JWT (alg none) gets 401', async (target) => {
      const email = (await target.anyPerson()).identifier('email');
      expectAccepted(await target.revoke(email, await signed(target)));
      expectStatus(await target.revoke(email, bearer(unsigned(await token(target)))), 401);
    }),
    // The draft says SHOULD under `jti` and MUST at the end of the section; the weaker level counts.
    draft.should('3.5 (h)', 'A JWT that was used for one request gets 401 for another', async (target) => {
      const headers = await signed(target);
      const [person, other] = [await target.anyPerson(), await target.person('other')];
      expectStatus(await target.revoke(person.identifier('email'), headers), 204);
      expectStatus(await target.revoke(other.identifier('email'), headers), 401);
    }),
    draft.should(
      '7.1 (d)',
      'An identity provider cannot revoke a user of another tenant, who looks like an unknown user',
      async (target) => {
        const outside = target.need('identity_provider.outside');
        await expectLikeNobody(target, outside, () => signed(target));
        await expectOutOfReach(target, outside, () => signed(target));
      },
      { needs: ['identity_provider.outside', 'caller'], feature: 'tenants of identity providers' },
    ),
    okta.must(
      'Endpoint authentication',
      `A JWT whose typ is not ${SIGNED_REQUEST} gets 401`,
      rejected(() => ({ header: { typ: 'at+jwt' } })),
    ),
    okta.must(
      'Logout request (a)',
      'A signed request that names the person by email revokes the person',
      accepted('email'),
    ),
    okta.must(
      'Logout request (b)',
      'A signed request that names the person by iss_sub revokes the person',
      accepted('iss_sub'),
    ),
    okta.should(
      'Logout request (c)',
      'A signed request that names a user in another format is rejected',
      async (target) => {
        const email = (await target.anyPerson()).identifier('email');
        expectAccepted(await target.revoke(email, await signed(target)));
        expectRefusal(await target.revoke({ format: 'opaque', id: 'conformance-nobody' }, await signed(target)));
      },
    ),
    okta.must('Revocation details (b)', 'A signed request ends the browser session', async (target) => {
      const person = await target.person();
      expectThat(await person.hasSession(), 'there was no session before the revocation either');
      expectStatus(await target.revoke(person.identifier('email'), await signed(target)), 204);
      expectThat(!(await person.hasSession()), 'the session still works after the 204');
    }),
    okta.must('Logout response and response codes', 'The 204 to a signed request has an empty body', async (target) => {
      const email = (await target.anyPerson()).identifier('email');
      const answer = await target.revoke(email, await signed(target));
      expectStatus(answer, 204);
      expectThat(answer.text === '', 'the 204 has a body');
    }),
  ],
};
