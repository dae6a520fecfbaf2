import { type Clause, type ClauseGroup, clausesOf } from '../clause.js';
import { nobodyLike, understood } from '../control.js';
import { expectRefusal, expectStatus, expectThat } from '../expect.js';
import { NotTested } from '../outcome.js';
import type { SubId } from '../signed-in.js';
import type { Target } from '../target.js';

const draft = clausesOf('draft-06');

/** What is refused, on a server that understands a valid request, which is given. */
const whereUnderstood =
  (check: (target: Target, subId: SubId) => Promise<void>): Clause['check'] =>
  async (target) =>
    check(target, await understood(target));

/** Every one of these bodies is 400. */
const refused = (...bodies: unknown[]): Clause['check'] =>
  whereUnderstood(async (target) => {
    for (const body of bodies) expectStatus(await target.post(body), 400);
  });

/** How a request looks, and what is answered. */
export const request: ClauseGroup = {
  title: 'Request and answer',
  clauses: [
    draft.must(
      2,
      '§3.1',
      'method other than POST → refused',
      whereUnderstood(async (target) => {
        for (const method of ['GET', 'PUT', 'DELETE']) {
          expectRefusal(await target.raw({ method, headers: { authorization: await target.authorization() } }));
        }
      }),
    ),
    draft.must(
      2,
      '§3.1',
      'form instead of JSON → refused',
      whereUnderstood(async (target, subId) => {
        const form = new URLSearchParams({ sub_id: JSON.stringify(subId) }).toString();
        expectRefusal(await target.post(form, { 'content-type': 'application/x-www-form-urlencoded' }));
      }),
    ),
    draft.must(
      5,
      '§3.2',
      'a second member beside sub_id → 400',
      whereUnderstood(async (target, sub_id) => {
        expectStatus(await target.post({ sub_id, more: true }), 400);
      }),
    ),
    draft.must(5, '§3.2', 'no sub_id → 400', refused({})),
    draft.must(13, '§3.4.2', 'malformed JSON → 400', refused('{', '', '{"sub_id":', "{'sub_id':{}}")),
    draft.must(13, '§3.4.2', 'JSON that is no object → 400', refused('[]', 'null', '"alice"', '1')),
    draft.must(
      13,
      '§3.4.2',
      'sub_id that is no object → 400',
      refused(...[[], null, 'alice', 0, true].map((sub_id) => ({ sub_id }))),
    ),
    draft.must(11, '§3.4.1', 'valid request → 204 without a body', async (target) => {
      const answer = await target.revoke((await target.anyPerson()).subId);
      expectStatus(answer, 204);
      expectThat(answer.text === '', 'the 204 has a body');
    }),
    draft.should(11, '§3.4.1', 'the same request again → 204', async (target) => {
      const { subId } = await target.anyPerson();
      expectStatus(await target.revoke(subId), 204);
      expectStatus(await target.revoke(subId), 204);
    }),
    draft.should(16, '§3.4.2', 'user nobody knows → 404, or the status that is configured', async (target) => {
      const nobody = nobodyLike(await understood(target));
      const status = target.options.unknown_subject_status ?? 404;
      if ((await target.post({})).status === status) throw new NotTested(`a request without sub_id is ${status}, too`);
      expectStatus(await target.revoke(nobody), status);
    }),
    draft.should(17, '§3.4.2', 'identifier that names several users → 422', async (target) => {
      expectStatus(await target.revoke(target.need('ambiguous')), 422);
    }),
    draft.must(
      12,
      '§3.4',
      'refusal → its status says so',
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
