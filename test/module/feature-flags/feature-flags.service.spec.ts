import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { FeatureFlags } from '../../../src/module/feature-flags/feature-flags.service.js';
import { asOperator, refusal, seen, send, uidBody } from '../endpoint/send.js';
import { SqlLog, withoutTable } from '../endpoint/sql-log.js';
import { clock } from '../../support/clock.js';
import { describeEachDatabase } from '../../support/databases.js';
import { revoke } from '../../support/operator.js';
import { startForTest, serverFixture } from '../../support/server.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';
/** A flag that nobody switches here. */
const other = { name: 'SHARED_SIGNALS', enabled: false, source: 'configured' };
const bob = { format: 'uid', id: 'bob' };

describeEachDatabase('feature flag', (database) => {
  const server = serverFixture(database);
  const pass = clock();
  let flags: FeatureFlags;

  beforeAll(async () => {
    flags = server.app.get(FeatureFlags);
  });
  beforeEach(() => flags.set(FLAG, true, 'test'));

  test('switching the flag off and on changes the answer to 403 and back at once', async () => {
    await flags.set(FLAG, false, 'test');
    expect((await revoke(server, bob)).status).toBe(403);
    await flags.set(FLAG, true, 'test');
    expect((await revoke(server, bob)).status).toBe(204);
  });

  test.each([
    [0, 'off'],
    [1, 'on'],
    [2, 'off'],
    [-1, 'off'],
  ])('stored number %i means %s', async (enabled, state) => {
    await server.dataSource.query(`UPDATE gtr_feature_flag SET enabled = ${enabled}`);
    expect(await flags.list()).toEqual([{ name: FLAG, enabled: state === 'on', source: 'stored' }, other]);
  });

  test('ignores a stored name in another case', async () => {
    await server.dataSource.query(`UPDATE gtr_feature_flag SET name = '${FLAG.toLowerCase()}', enabled = 0`);
    expect(await flags.list()).toMatchObject([{ enabled: true, source: 'configured' }, other]);
    await server.dataSource.query('DELETE FROM gtr_feature_flag');
  });

  test.each(['', 'global_token_revocation', `${FLAG} `, '__proto__', 'toString'])(
    'rejects the unknown name "%s", lists the known names and stores nothing',
    async (name) => {
      const before = await server.dataSource.query('SELECT * FROM gtr_feature_flag');
      await expect(flags.set(name, false, 'test')).rejects.toThrow(`known: ${FLAG}`);
      expect(await server.dataSource.query('SELECT * FROM gtr_feature_flag')).toEqual(before);
    },
  );

  test('sees what another node switched off although the clock is set back', async () => {
    expect(await flags.isEnabled(FLAG)).toBe(true);
    const { now } = Date;
    vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    await server.dataSource.query('UPDATE gtr_feature_flag SET enabled = 0');
    pass(600);
    expect(await flags.isEnabled(FLAG)).toBe(false);
    vi.restoreAllMocks();
  });

  test('reads the flag once for many simultaneous requests', async () => {
    pass(600);
    const sql = new SqlLog(server.dataSource);
    const began = performance.now();
    await sql.of(() => Promise.all(Array.from({ length: 20 }, () => revoke(server, { format: 'uid', id: 'x' }))));
    const again = Math.ceil((performance.now() - began) / 500); // on a slow machine, what was read becomes stale
    expect(sql.uses('gtr_feature_flag')).toBeLessThanOrEqual(1 + again);
  });

  describe('when the store cannot be read', () => {
    const away = async (work: () => Promise<void>): Promise<void> => {
      server.app.useLogger(false);
      pass(600);
      await withoutTable(server.dataSource, 'gtr_feature_flag', work);
    };

    test('the endpoint returns 503 although the flag is on by default', async () => {
      await away(async () => {
        const answer = await send(server.endpoint, { headers: asOperator, body: uidBody('bob') });
        const later = refusal(503, 'temporarily_unavailable', 'try again later', { 'retry-after': '5' });
        expect(seen(answer)).toEqual(later);
      });
      expect((await revoke(server, bob)).status).toBe(204);
    });

    test.each(['openid-configuration', 'oauth-authorization-server'])('%s returns 503', async (name) => {
      await away(async () => {
        const answer = await fetch(`${server.url}/.well-known/${name}`);
        expect(answer.status).toBe(503);
        expect(await answer.text()).not.toContain('global_token_revocation_endpoint');
      });
      expect((await fetch(`${server.url}/.well-known/${name}`)).status).toBe(200);
    });
  });

  test('a stored value wins over the configured value', async () => {
    const other = await startForTest(database, { env: { GTR_FEATURE_FLAGS: `${FLAG}=off` } });
    expect((await revoke(other, bob)).status).toBe(403);
    expect(await other.app.get(FeatureFlags).list()).toMatchObject([
      { enabled: false, source: 'configured' },
      { name: 'SHARED_SIGNALS' },
    ]);
    await other.app.get(FeatureFlags).set(FLAG, true, 'test');
    expect((await revoke(other, bob)).status).toBe(204);
  });
});
