import { beforeAll, expect, test } from 'vitest';
import { SqlLog } from '../../module/endpoint/sql-log.js';
import { Browser } from '../../support/browser.js';
import { describeEachDatabase } from '../../support/databases.js';
import { alice } from '../../support/people.js';
import { RelyingParty, type Tokens } from '../../support/relying-party.js';
import { serverFixture } from '../../support/server.js';

describeEachDatabase('SQL cost of requests of resource servers', (database) => {
  const server = serverFixture(database);
  let app: RelyingParty;
  let tokens: Tokens;
  let sql: SqlLog;

  beforeAll(async () => {
    app = await RelyingParty.discover(server);
    tokens = await app.signIn(new Browser(server.url), alice);
    sql = new SqlLog(server.dataSource);
  });

  test('introspection takes 3 reads: client, three token kinds at once with epoch, grant with epoch', async () => {
    const statements = await sql.of(() => app.introspect(tokens.access_token));
    expect(statements).toHaveLength(3);
    expect(sql.uses('gtr_client')).toBe(1);
    expect(statements.filter((text) => /FROM gtr_subject_epoch.*FROM gtr_oidc_record/s.test(text))).toHaveLength(2);
  });

  test('userinfo reads the epoch once more before it returns claims', async () => {
    const statements = await sql.of(() => app.userinfo(tokens.access_token));
    expect(statements.at(-1)).toMatch(/^SELECT .* FROM gtr_subject_epoch/s);
  });
});
