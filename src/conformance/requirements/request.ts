import { nobodyLike, understood } from '../control.js';
import { expectRefusal, expectStatus, expectThat } from '../expect.js';
import { NotTested } from '../outcome.js';
import { type Check, type RequirementGroup, requirementsOf } from '../requirement.js';
import type { SubId } from '../signed-in.js';
import type { Target } from '../target.js';

const draft = requirementsOf('draft-06', { needs: ['caller'] });

/** Tests a rejection on a server that accepts a valid request; the check gets the identifier of that request. */
const whereUnderstood =
  (check: (target: Target, subId: SubId) => Promise<void>): Check =>
  async (target) =>
    check(target, await understood(target));

/** Each of these bodies gets 400. */
const rejected = (...bodies: unknown[]): Check =>
  whereUnderstood(async (target) => {
    for (const body of bodies) expectStatus(await target.post(body), 400);
  });

/** The format of requests and answers. */
export const request: RequirementGroup = {
  title: 'Request and response',
  requirements: [
    draft.must(
      '3.1 (c)',
      'GET, PUT and DELETE are rejected',
      whereUnderstood(async (target) => {
        for (const method of ['GET', 'PUT', 'DELETE']) {
          expectRefusal(await target.raw({ method, headers: { authorization: await target.authorization() } }));
        }
      }),
    ),
    draft.must(
      '3.1 (d)',
      'A form body instead of JSON is rejected',
      whereUnderstood(async (target, subId) => {
        const form = new URLSearchParams({ sub_id: JSON.stringify(subId) }).toString();
        expectRefusal(await target.post(form, { 'content-type': 'application/x-www-form-urlencoded' }));
      }),
    ),
    draft.must(
      '3.2 (a)',
      'A second member besides sub_id gets 400',
      whereUnderstood(async (target, sub_id) => {
        expectStatus(await target.post({ sub_id, more: true }), 400);
      }),
    ),
    draft.must('3.2 (b)', 'A request without sub_id gets 400', rejected({})),
    draft.must('3.4.2 (a)', 'Malformed JSON gets 400', rejected('{', '', '{"sub_id":', "{'sub_id':{}}")),
    draft.must('3.4.2 (b)', 'JSON that is not an object gets 400', rejected('[]', 'null', '"alice"', '1')),
    draft.must(
      '3.4.2 (c)',
      'A sub_id that is not an object gets 400',
      rejected(...[[], null, 'alice', 0, true].map((sub_id) => ({ sub_id }))),
    ),
    draft.must(
      '3.4.1 (a)',
      'A valid request gets 204 and an empty body',
      async (target) => {
        const answer = await target.revoke((await target.anyPerson()).subId);
        expectStatus(answer, 204);
        expectThat(answer.text === '', 'the 204 has a body');
      },
      { needs: ['--sign-in'] },
    ),
    draft.should(
      '3.4.1 (b)',
      'The same request again gets 204',
      async (target) => {
        const { subId } = await target.anyPerson();
        expectStatus(await target.revoke(subId), 204);
        expectStatus(await target.revoke(subId), 204);
      },
      { needs: ['--sign-in'] },
    ),
    draft.should('3.4.2 (d)', 'An unknown user gets 404, or the configured unknown_subject_status', async (target) => {
      const nobody = nobodyLike(await understood(target));
      const status = target.options.unknown_subject_status ?? 404;
      if ((await target.post({})).status === status)
        throw new NotTested(`a request without sub_id gets ${status}, too, so this answer proves nothing`);
      expectStatus(await target.revoke(nobody), status);
    }),
    draft.should(
      '3.4.2 (e)',
      'An identifier that is rejected because several users match gets 422',
      async (target) => {
        expectStatus(await target.revoke(target.need('ambiguous')), 422);
      },
      { needs: ['ambiguous'] },
    ),
    draft.must(
      '3.4',
      'A rejection has a 4xx status',
      whereUnderstood(async (target) => {
        const answers = [
          await target.post('{'),
          await target.post({}),
          await target.post({}, { authorization: undefined }),
        ];
        for (const answer of answers) expectRefusal(answer);
      }),
    ),
  ],
};
