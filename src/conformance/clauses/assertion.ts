import { type Clause, type ClauseGroup, clausesOf } from '../clause.js';
import { expectAccepted, expectStatus } from '../expect.js';
import { assertionOf } from '../credentials.js';
import { inSeconds, type JwtChanges, strangersKey, unsigned } from '../jwt.js';
import type { Target } from '../target.js';

const rfc = clausesOf('RFC 7523');
const bcp = clausesOf('RFC 8725');

const assertion = async (target: Target, changes?: JwtChanges): Promise<string> =>
  assertionOf(target.need('assertion_caller'), await target.issuer(), changes);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** An assertion with this change is 401. */
const refused =
  (change: (target: Target) => JwtChanges | Promise<JwtChanges>): Clause['check'] =>
  async (target) => {
    const { subId } = await target.anyPerson();
    expectAccepted(await target.revoke(subId, bearer(await assertion(target))));
    expectStatus(await target.revoke(subId, bearer(await assertion(target, await change(target)))), 401);
  };

/** Callers that sign what they are: `private_key_jwt`. */
export const clientAssertion: ClauseGroup = {
  title: 'Client assertions',
  clauses: [
    rfc.must(45, '§3', 'valid client assertion → 204', async (target) => {
      const token = await assertion(target);
      expectStatus(await target.revoke((await target.anyPerson()).subId, bearer(token)), 204);
    }),
    rfc.must(
      45,
      '§3',
      'iss or sub of somebody else → 401',
      refused(() => ({ claims: { sub: 'somebody-else' } })),
    ),
    rfc.must(
      45,
      '§3',
      'aud of another server → 401',
      refused(() => ({ claims: { aud: 'https://other.example.com' } })),
    ),
    rfc.must(
      45,
      '§3',
      'no exp → 401',
      refused(() => ({ claims: { exp: undefined } })),
    ),
    rfc.must(
      45,
      '§3',
      'expired → 401',
      refused(() => ({ claims: { iat: inSeconds(-600), exp: inSeconds(-300) } })),
    ),
    rfc.must(
      46,
      '§3',
      'key nobody registered → 401',
      refused(async (target) => ({ key: await strangersKey(target.need('assertion_caller').key) })),
    ),
    bcp.must(46, '§3.1', 'alg none → 401', async (target) => {
      const { subId } = await target.anyPerson();
      expectAccepted(await target.revoke(subId, bearer(await assertion(target))));
      expectStatus(await target.revoke(subId, bearer(unsigned(await assertion(target)))), 401);
    }),
    rfc.should(47, '§3', 'the same assertion for another request → 401', async (target) => {
      const token = await assertion(target);
      const [person, other] = [await target.anyPerson(), await target.person('other')];
      expectStatus(await target.revoke(person.subId, bearer(token)), 204);
      expectStatus(await target.revoke(other.subId, bearer(token)), 401);
    }),
  ],
};
