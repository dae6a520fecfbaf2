import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revoke } from '../../support/operator.js';
import { bob, breakfast } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';
import { refusal, seen } from './send.js';

const kitchen = { format: 'department', id: 'kitchen' };

async function answerOf(response: Response) {
  const headers = Object.fromEntries(response.headers);
  return seen({ status: response.status, headers, body: await response.text() });
}

describeEachDatabase('options of the endpoint', (database) => {
  let server: TestServer;
  const records = () => server.dataSource.getRepository(Revocation).find();

  describe('defaults', () => {
    beforeAll(async () => {
      server = await startServer(database);
    });
    afterAll(() => server.stop());

    test('returns 204, revokes the first of two matches by uid and records two matches', async () => {
      expect((await revoke(server, kitchen)).status).toBe(204);

      const [record] = await records();
      expect(record).toMatchObject({ subject: bob.id, matched: 2, format: 'department', actor: 'demo-operator' });
      expect(await records()).toHaveLength(1);
      expect(record!.method).toBe('client_secret_basic');
    });

    test('revokes the other match when the order of uid changes', async () => {
      await server.dataSource.query(`UPDATE op_user SET uid = 'zacharias' WHERE uid = 'bob'`);
      await revoke(server, kitchen);

      expect((await records()).map(({ subject }) => subject).sort()).toEqual([bob.id, breakfast.id].sort());
    });
  });

  describe('unknownSubject no_content, ambiguousSubject reject', () => {
    beforeAll(async () => {
      const env = { GTR_UNKNOWN_SUBJECT: 'no_content', GTR_AMBIGUOUS_SUBJECT: 'reject' };
      server = await startServer(database, { env });
    });
    afterAll(() => server.stop());

    test('returns 204 without a body and without a record for an unknown user', async () => {
      const answer = await answerOf(await revoke(server, { format: 'uid', id: 'nobody' }));
      expect(answer).toEqual({ status: 204, 'cache-control': 'no-store', body: '' });
      expect(await records()).toEqual([]);
    });

    test('returns 422 and revokes nobody when two users match', async () => {
      const expected = refusal(422, 'unprocessable', 'the identifier names more than one user');
      expect(await answerOf(await revoke(server, kitchen))).toEqual(expected);
      expect(await records()).toEqual([]);
    });

    test('returns 204 and writes a record when one user matches', async () => {
      expect((await revoke(server, { format: 'department', id: 'wonderland' })).status).toBe(204);
      expect(await records()).toMatchObject([{ matched: 1, epochBefore: 1 }]);
    });

    test.each([[{ format: 'uid', id: 0 }], [{ format: 'nonsense', id: 'x' }]])(
      'still returns 400 for the invalid identifier %j',
      async (subId) => {
        expect((await revoke(server, subId)).status).toBe(400);
      },
    );
  });
});
