import { type ClauseGroup, clausesOf } from '../clause.js';
import { understood } from '../control.js';
import { expectStatus, expectThat } from '../expect.js';
import { basic } from '../http.js';
import { NotTested } from '../outcome.js';
import { withoutEffect } from '../without-effect.js';

const draft = clausesOf('draft-06');
const oauth = clausesOf('RFC 6750');

const WRONG_BEARER = 'Bearer conformance-not-a-token';

/** Who may call. */
export const caller: ClauseGroup = {
  title: 'Caller',
  clauses: [
    draft.must(14, '§3.4.2', 'no credentials → 401', async (target) => {
      const subId = await understood(target);
      expectStatus(await target.revoke(subId, { authorization: undefined }), 401);
    }),
    draft.must(14, '§3.4.2', 'wrong secret → 401', async (target) => {
      const { client_id } = target.client();
      const authorization = basic({ client_id, client_secret: 'conformance-wrong' });
      expectStatus(await target.revoke(await understood(target), { authorization }), 401);
    }),
    draft.must(14, '§3.4.2', 'unknown client → 401', async (target) => {
      const { client_secret } = target.client();
      const authorization = basic({ client_id: `conformance-${crypto.randomUUID()}`, client_secret });
      expectStatus(await target.revoke(await understood(target), { authorization }), 401);
    }),
    draft.must(
      6,
      '§3.2',
      'request without credentials → the person stays signed in',
      withoutEffect(401, (target, { subId }) => target.revoke(subId, { authorization: undefined })),
    ),
    draft.must(
      7,
      '§3.3',
      'malformed request of the caller → the person stays signed in',
      withoutEffect(400, (target, { subId }) => target.post({ sub_id: subId, more: 1 })),
    ),
    draft.must(
      15,
      '§3.4.2',
      'caller without the scope → 403, and the person stays signed in',
      withoutEffect(403, (target, { subId }) =>
        target.revoke(subId, { authorization: basic(target.need('caller_without_scope')) }),
      ),
    ),
    oauth.must(42, '§3', '401 → WWW-Authenticate', async (target) => {
      const answer = await target.revoke(await understood(target), { authorization: undefined });
      expectStatus(answer, 401);
      expectThat('www-authenticate' in answer.headers, 'WWW-Authenticate is missing');
    }),
    oauth.should(43, '§3.1', 'no credentials → the challenge carries no error', async (target) => {
      const { headers } = await target.revoke(await understood(target), { authorization: undefined });
      const challenge = headers['www-authenticate'];
      if (challenge === undefined) throw new NotTested('there is no challenge');
      expectThat(!/error=/.test(challenge), 'the challenge names an error');
    }),
    oauth.must(44, '§3.1', 'access token nobody issued → 401', async (target) => {
      expectStatus(await target.revoke(await understood(target), { authorization: WRONG_BEARER }), 401);
    }),
    oauth.should(43, '§3.1', 'caller without the scope → the challenge says insufficient_scope', async (target) => {
      const authorization = basic(target.need('caller_without_scope'));
      const { headers } = await target.revoke(await understood(target), { authorization });
      expectThat(/error="insufficient_scope"/.test(headers['www-authenticate'] ?? ''), 'insufficient_scope is missing');
    }),
    oauth.should(44, '§2', 'two credentials in one request → 400', async (target) => {
      const sub_id = await understood(target);
      const one = await target.authorization();
      expectStatus(await target.post({ sub_id }, { authorization: [one, one] }), 400);
    }),
  ],
};
