import { assertionOf } from '../credentials.js';
import { expectAccepted, expectStatus } from '../expect.js';
import { inSeconds, type JwtChanges, strangersKey, unsigned } from '../jwt.js';
import { type Check, type RequirementGroup, requirementsOf } from '../requirement.js';
import type { Target } from '../target.js';

const shared = { needs: ['assertion_caller', '--sign-in'], feature: 'client assertions' } as const;
const rfc = requirementsOf('RFC 7523', shared);
const bcp = requirementsOf('RFC 8725', shared);

const assertion = async (target: Target, changes?: JwtChanges): Promise<string> =>
  assertionOf(target.need('assertion_caller'), await target.issuer(), changes);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** An assertion with this change gets 401. */
const rejected =
  (change: (target: Target) => JwtChanges | Promise<JwtChanges>): Check =>
  async (target) => {
    const { subId } = await target.anyPerson();
    expectAccepted(await target.revoke(subId, bearer(await assertion(target))));
    expectStatus(await target.revoke(subId, bearer(await assertion(target, await change(target)))), 401);
  };

/** Callers that authenticate with a JWT signed by themselves: `private_key_jwt`. */
export const clientAssertion: RequirementGroup = {
  title: 'Client assertions',
  requirements: [
    rfc.must('3 (a)', 'A valid assertion gets 204', async (target) => {
      const token = await assertion(target);
      expectStatus(await target.revoke((await target.anyPerson()).subId, bearer(token)), 204);
    }),
    rfc.must(
      '3 (b)',
      'An assertion whose sub is not the client gets 401',
      rejected(() => ({ claims: { sub: 'somebody-else' } })),
    ),
    rfc.must(
      '3 (c)',
      'An assertion for another audience gets 401',
      rejected(() => ({ claims: { aud: 'https://other.example.com' } })),
    ),
    rfc.must(
      '3 (d)',
      'An assertion without exp gets 401',
      rejected(() => ({ claims: { exp: undefined } })),
    ),
    rfc.must(
      '3 (e)',
      'An expired assertion gets 401',
      rejected(() => ({ claims: { iat: inSeconds(-600), exp: inSeconds(-300) } })),
    ),
    rfc.must(
      '3 (f)',
      'An assertion signed with an unregistered key gets 401',
      rejected(async (target) => ({ key: await strangersKey(target.need('assertion_caller').key) })),
    ),
    bcp.must('3.1', 'An unsigned assertion (alg none) gets 401', async (target) => {
      const { subId } = await target.anyPerson();
      expectAccepted(await target.revoke(subId, bearer(await assertion(target))));
      expectStatus(await target.revoke(subId, bearer(unsigned(await assertion(target)))), 401);
    }),
    rfc.should('3 (g)', 'An assertion that was used for one request gets 401 for another', async (target) => {
      const token = await assertion(target);
      const [person, other] = [await target.anyPerson(), await target.person('other')];
      expectStatus(await target.revoke(person.subId, bearer(token)), 204);
      expectStatus(await target.revoke(other.subId, bearer(token)), 401);
    }),
  ],
};
