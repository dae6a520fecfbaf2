import { understood } from '../control.js';
import { expectStatus, expectThat } from '../expect.js';
import { basic } from '../http.js';
import { NotTested } from '../outcome.js';
import { type RequirementGroup, requirementsOf } from '../requirement.js';
import { SCOPE } from '../scope.js';
import { clientToken } from '../tokens.js';
import { withoutEffect } from '../without-effect.js';

const draft = requirementsOf('draft-06', { needs: ['caller'] });
const bearer = requirementsOf('RFC 6750', { needs: ['caller'] });

/** Requirements about the authentication of callers. */
export const caller: RequirementGroup = {
  title: 'Authentication of the caller',
  requirements: [
    draft.must('3.4.2 (f)', 'A request without credentials gets 401', async (target) => {
      const subId = await understood(target);
      expectStatus(await target.revoke(subId, { authorization: undefined }), 401);
    }),
    draft.must(
      '3.4.2 (g)',
      'A wrong client secret gets 401',
      async (target) => {
        const { client_id } = target.need('--client-id');
        const authorization = basic({ client_id, client_secret: 'conformance-wrong' });
        expectStatus(await target.revoke(await understood(target), { authorization }), 401);
      },
      { needs: ['--client-id'] },
    ),
    draft.must(
      '3.4.2 (h)',
      'An unknown client gets 401',
      async (target) => {
        const { client_secret } = target.need('--client-id');
        const authorization = basic({ client_id: `conformance-${crypto.randomUUID()}`, client_secret });
        expectStatus(await target.revoke(await understood(target), { authorization }), 401);
      },
      { needs: ['--client-id'] },
    ),
    draft.must(
      '3.2 (c)',
      'A request without credentials revokes nobody',
      withoutEffect(401, (target, { subId }) => target.revoke(subId, { authorization: undefined })),
      { needs: ['--sign-in'] },
    ),
    draft.must(
      '3.3 (a)',
      'A malformed request revokes nobody',
      withoutEffect(400, (target, { subId }) => target.post({ sub_id: subId, more: 1 })),
      { needs: ['--sign-in'] },
    ),
    draft.must(
      '3.4.2 (i)',
      'A caller without the scope gets 403 and revokes nobody',
      withoutEffect(403, (target, { subId }) =>
        target.revoke(subId, { authorization: basic(target.need('caller_without_scope')) }),
      ),
      { needs: ['--sign-in', 'caller_without_scope'] },
    ),
    draft.may(
      '3.2 (d)',
      'An access token from the client credentials grant is accepted',
      async (target) => {
        const { value } = await clientToken(target, SCOPE);
        expectStatus(await target.revoke((await target.anyPerson()).subId, { authorization: `Bearer ${value}` }), 204);
      },
      { needs: ['--client-id', '--sign-in'], feature: 'access tokens of callers' },
    ),
    bearer.must('3', 'A 401 has a WWW-Authenticate header', async (target) => {
      const answer = await target.revoke(await understood(target), { authorization: undefined });
      expectStatus(answer, 401);
      expectThat('www-authenticate' in answer.headers, 'the WWW-Authenticate header is missing');
    }),
    bearer.should('3.1 (a)', 'If there are no credentials, the challenge contains no error', async (target) => {
      const { headers } = await target.revoke(await understood(target), { authorization: undefined });
      const challenge = headers['www-authenticate'];
      if (challenge === undefined) throw new NotTested('the answer has no WWW-Authenticate header');
      expectThat(!/error=/.test(challenge), `the challenge contains an error: ${challenge.slice(0, 200)}`);
    }),
    bearer.must('3.1 (b)', 'An access token that was never issued gets 401', async (target) => {
      const authorization = 'Bearer conformance-not-a-token';
      expectStatus(await target.revoke(await understood(target), { authorization }), 401);
    }),
    bearer.should(
      '3.1 (c)',
      'If the scope is missing, the challenge says insufficient_scope',
      async (target) => {
        const authorization = basic(target.need('caller_without_scope'));
        const { headers } = await target.revoke(await understood(target), { authorization });
        expectThat(
          /error="insufficient_scope"/.test(headers['www-authenticate'] ?? ''),
          'the challenge does not contain error="insufficient_scope"',
        );
      },
      { needs: ['caller_without_scope'] },
    ),
    bearer.should('2', 'Two credentials in one request get 400', async (target) => {
      const sub_id = await understood(target);
      const one = await target.authorization();
      expectStatus(await target.post({ sub_id }, { authorization: [one, one] }), 400);
    }),
  ],
};
