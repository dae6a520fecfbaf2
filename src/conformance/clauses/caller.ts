import { type Clause, type ClauseGroup, clausesOf } from '../clause.js';
import { expectStatus, expectThat } from '../expect.js';
import { basic } from '../http.js';
import type { SignedIn } from '../signed-in.js';
import type { Target } from '../target.js';

const draft = clausesOf('draft-05');
const oauth = clausesOf('RFC 6750');

/** A request that must have no effect: it is refused with this status, and the person stays signed in. */
const withoutEffect =
  (
    status: number,
    ask: (
      target: Target,
      person: SignedIn,
    ) => Promise<{ status: number; text: string; headers: Record<string, string> }>,
  ): Clause['check'] =>
  async (target) => {
    const person = await target.person();
    expectStatus(await ask(target, person), status);
    expectThat(await person.canRefresh(), 'the person was revoked all the same');
  };

const WRONG_BEARER = 'Bearer conformance-not-a-token';

/** Who may call. */
export const caller: ClauseGroup = {
  title: 'Caller',
  clauses: [
    draft.must(14, '§2.4.2', 'no credentials → 401', async (target) => {
      const { subId } = await target.person();
      expectStatus(await target.revoke(subId, { authorization: undefined }), 401);
    }),
    draft.must(14, '§2.4.2', 'wrong secret → 401', async (target) => {
      const { client_id } = target.need('caller');
      const authorization = basic({ client_id, client_secret: 'conformance-wrong' });
      expectStatus(await target.revoke((await target.person()).subId, { authorization }), 401);
    }),
    draft.must(14, '§2.4.2', 'unknown client → 401', async (target) => {
      const { client_secret } = target.need('caller');
      const authorization = basic({ client_id: `conformance-${crypto.randomUUID()}`, client_secret });
      expectStatus(await target.revoke((await target.person()).subId, { authorization }), 401);
    }),
    draft.must(
      6,
      '§2.2',
      'request without credentials → the person stays signed in',
      withoutEffect(401, (target, { subId }) => target.revoke(subId, { authorization: undefined })),
    ),
    draft.must(
      7,
      '§2.3',
      'malformed request of the caller → the person stays signed in',
      withoutEffect(400, (target, { subId }) => target.post({ sub_id: subId, more: 1 })),
    ),
    draft.must(
      15,
      '§2.4.2',
      'caller without the scope → 403, and the person stays signed in',
      withoutEffect(403, (target, { subId }) =>
        target.revoke(subId, { authorization: basic(target.need('caller_without_scope')) }),
      ),
    ),
    draft.must(20, '§5.1', "a person's own access token → refused, and the person stays signed in", async (target) => {
      const person = await target.person();
      const answer = await target.revoke(person.subId, { authorization: `Bearer ${person.accessToken}` });
      expectStatus(answer, 401, 403);
      expectThat(await person.canRefresh(), 'the person was revoked all the same');
    }),
    draft.should(
      22,
      '§5.1',
      'user outside of what the caller may name → answered like an unknown one',
      async (target) => {
        const limited = target.need('limited_caller');
        const authorization = basic(limited);
        const outside = await target.revoke(limited.outside, { authorization });
        const unknown = await target.revoke(
          { format: 'opaque', id: `conformance-${crypto.randomUUID()}` },
          { authorization },
        );
        expectStatus(outside, unknown.status);
        expectThat(outside.text === unknown.text, 'the two bodies differ');
      },
    ),
    oauth.must(42, '§3', '401 → WWW-Authenticate', async (target) => {
      const answer = await target.revoke({ format: 'opaque', id: 'x' }, { authorization: undefined });
      expectStatus(answer, 401);
      expectThat('www-authenticate' in answer.headers, 'WWW-Authenticate is missing');
    }),
    oauth.should(43, '§3.1', 'no credentials → the challenge carries no error', async (target) => {
      const { headers } = await target.revoke({ format: 'opaque', id: 'x' }, { authorization: undefined });
      expectThat(!/error=/.test(headers['www-authenticate'] ?? ''), 'the challenge names an error');
    }),
    oauth.must(44, '§3.1', 'access token nobody issued → 401', async (target) => {
      const { subId } = await target.person();
      expectStatus(await target.revoke(subId, { authorization: WRONG_BEARER }), 401);
    }),
    oauth.should(43, '§3.1', 'caller without the scope → the challenge says insufficient_scope', async (target) => {
      const authorization = basic(target.need('caller_without_scope'));
      const { headers } = await target.revoke({ format: 'opaque', id: 'x' }, { authorization });
      expectThat(/error="insufficient_scope"/.test(headers['www-authenticate'] ?? ''), 'insufficient_scope is missing');
    }),
    oauth.should(44, '§2', 'two credentials in one request → 400', async (target) => {
      const one = basic(target.need('caller'));
      expectStatus(await target.post({ sub_id: { format: 'opaque', id: 'x' } }, { authorization: [one, one] }), 400);
    }),
  ],
};
