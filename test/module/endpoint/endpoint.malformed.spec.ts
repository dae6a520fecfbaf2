import { beforeAll, expect, test } from 'vitest';
import { Revocation } from '../../../src/module/revocation/revocation.entity.js';
import { describeEachDatabase } from '../../support/databases.js';
import { serverFixture } from '../../support/server.js';
import { malformed, tooLarge, type Vector } from './malformed.js';
import { asOperator, send } from './send.js';
import { SqlLog } from './sql-log.js';

const headers = asOperator;

describeEachDatabase('draft-06 §3.2: malformed bodies', (database) => {
  const server = serverFixture(database);
  let sql: SqlLog;

  beforeAll(async () => {
    sql = new SqlLog(server.dataSource);
    // Compared in SQL, a number matches the text that begins with it on MariaDB, and 0 matches every other text.
    await server.dataSource.query(`UPDATE op_user SET uid = '12abc', department = '0' WHERE uid = 'breakfast'`);
  });

  /** Status of a body sent by the operator, and what it touched. */
  async function outcome(body: Vector[1]) {
    let answer = { status: 0, body: '' };
    const statements = await sql.of(async () => {
      answer = await send(server.endpoint, { headers, body });
    });
    const touched = statements.filter((text) => /op_user|gtr_revocation|gtr_subject_epoch|INSERT|UPDATE/.test(text));
    return { status: answer.status, error: (JSON.parse(answer.body) as { error: string }).error, touched };
  }

  test.each(malformed)('returns 400 without a lookup: $0', async (_title, body) => {
    expect(await outcome(body)).toEqual({ status: 400, error: 'invalid_request', touched: [] });
  });

  test.each(tooLarge)('returns 413 without a lookup: $0', async (_title, body) => {
    expect(await outcome(body)).toEqual({ status: 413, error: 'invalid_request', touched: [] });
  });

  test('leaves no record and no epoch after all of them', async () => {
    expect(await server.dataSource.getRepository(Revocation).count()).toBe(0);
    expect(await server.dataSource.query('SELECT * FROM gtr_subject_epoch')).toEqual([]);
  });

  test('revokes only the user whose ID is exactly this string', async () => {
    const body = '{"sub_id":{"format":"uid","id":"12abc"}}';
    expect((await send(server.endpoint, { headers, body })).status).toBe(204);
    expect(await server.dataSource.getRepository(Revocation).find()).toMatchObject([{ matched: 1 }]);
  });
});
