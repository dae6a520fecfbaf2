import { type ClauseGroup, clausesOf } from '../clause.js';
import { expectRefusal, expectStatus, expectThat } from '../expect.js';
import { basic } from '../http.js';

const draft = clausesOf('draft-06');
const ANYBODY = { format: 'opaque', id: 'conformance-nobody' };

/** How a request looks, and what is answered. */
export const request: ClauseGroup = {
  title: 'Request and answer',
  clauses: [
    draft.must(2, '§3.1', 'method other than POST → refused', async (target) => {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        expectRefusal(await target.raw({ method, headers: { authorization: basic(target.need('caller')) } }));
      }
    }),
    draft.must(2, '§3.1', 'form instead of JSON → refused', async (target) => {
      const form = 'sub_id=%7B%22format%22%3A%22opaque%22%2C%22id%22%3A%22conformance-nobody%22%7D';
      expectRefusal(await target.post(form, { 'content-type': 'application/x-www-form-urlencoded' }));
    }),
    draft.must(5, '§3.2', 'a second member beside sub_id → 400', async (target) => {
      expectStatus(await target.post({ sub_id: ANYBODY, more: true }), 400);
    }),
    draft.must(5, '§3.2', 'no sub_id → 400', async (target) => {
      expectStatus(await target.post({}), 400);
    }),
    draft.must(13, '§3.4.2', 'malformed JSON → 400', async (target) => {
      for (const body of ['{', '', '{"sub_id":', "{'sub_id':{}}"]) expectStatus(await target.post(body), 400);
    }),
    draft.must(13, '§3.4.2', 'JSON that is no object → 400', async (target) => {
      for (const body of ['[]', 'null', '"alice"', '1']) expectStatus(await target.post(body), 400);
    }),
    draft.must(13, '§3.4.2', 'sub_id that is no object → 400', async (target) => {
      for (const subId of [[], null, 'alice', 0, true]) expectStatus(await target.revoke(subId), 400);
    }),
    draft.must(11, '§3.4.1', 'valid request → 204 without a body', async (target) => {
      const answer = await target.revoke((await target.person()).subId);
      expectStatus(answer, 204);
      expectThat(answer.text === '', 'the 204 has a body');
    }),
    draft.should(11, '§3.4.1', 'the same request again → 204', async (target) => {
      const { subId } = await target.person();
      expectStatus(await target.revoke(subId), 204);
      expectStatus(await target.revoke(subId), 204);
    }),
    draft.should(16, '§3.4.2', 'user nobody knows → 404, or the status that is configured', async (target) => {
      const id = `conformance-${crypto.randomUUID()}`;
      expectStatus(await target.revoke({ format: 'opaque', id }), target.options.unknown_subject_status ?? 404);
    }),
    draft.should(17, '§3.4.2', 'identifier that names several users → 422', async (target) => {
      expectStatus(await target.revoke(target.need('ambiguous')), 422);
    }),
    draft.must(12, '§3.4', 'refusal → its status says so', async (target) => {
      const answers = [
        await target.post('{'),
        await target.post({}),
        await target.post({}, { authorization: undefined }),
      ];
      for (const answer of answers) expectRefusal(answer);
    }),
  ],
};
