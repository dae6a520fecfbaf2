import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.js';
import { demoOperator } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';
import { asOperator, send, uidBody } from './send.js';
import { withoutTable } from './sql-log.js';

describeEachDatabase('log of the endpoint', (database) => {
  let server: TestServer;
  const lines: string[] = [];

  beforeAll(async () => {
    server = await startServer(database);
    const write = (...words: unknown[]): void => void lines.push(inspect(words, { depth: 10 }));
    server.app.useLogger({ log: write, error: write, warn: write, fatal: write, debug: write, verbose: write });
  });
  afterAll(() => server.stop());

  const personal = /alice|5a1c0a3e|kitchen|rabbit/;

  test.each(['op_user', 'gtr_client', 'gtr_revocation', 'gtr_subject_epoch'])(
    'table %s fails → logged with its cause, without who it was about or the secret',
    async (table) => {
      lines.length = 0;
      const { status } = await withoutTable(server.dataSource, table, () =>
        send(server.endpoint, { headers: asOperator, body: uidBody('alice') }),
      );

      expect(status).toBe(503);
      expect(lines.join()).toContain(table);
      expect(lines.join()).not.toMatch(personal);
      expect(lines.join()).not.toContain(demoOperator.secret);
      expect(lines.join()).not.toContain(asOperator.authorization.slice(6, 30));
    },
  );

  test.each([
    ['served', uidBody('alice')],
    ['unknown', uidBody('rabbit')],
    ['malformed', '{"rabbit'],
    ['not valid', '{"sub_id":{"format":"rabbit","id":"alice"}}'],
  ])('%s → nothing of the body is logged or answered', async (_title, body) => {
    lines.length = 0;
    const answer = await send(server.endpoint, { headers: asOperator, body });
    expect(lines.join()).not.toMatch(personal);
    expect(answer.body).not.toMatch(personal);
  });
});
