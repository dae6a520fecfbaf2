import { expect, test } from 'vitest';
import { clock } from '../support/clock.js';
import { describeEachDatabase } from '../support/databases.js';
import { revoke } from '../support/operator.js';
import { serverFixture } from '../support/server.js';
import { ctl, type Ended } from './ctl.js';

const FLAG = 'GLOBAL_TOKEN_REVOCATION';
/** Line of a flag that nobody switches here. */
const OTHER = 'SHARED_SIGNALS  off  (configured)';

describeEachDatabase('ctl flags, while a server runs', (database) => {
  const server = serverFixture(database);
  const pass = clock();

  const run = (...args: string[]): Promise<Ended> => ctl(['flags', ...args], { DATABASE_URL: server.databaseUrl });
  const status = async (): Promise<number> => (await revoke(server, { format: 'uid', id: 'bob' })).status;

  test('list exits with 0 and shows each flag with value and source', async () => {
    expect(await run('list')).toEqual({ code: 0, out: `${FLAG}  on  (configured)\n${OTHER}`, err: '' });
  });

  test('disable and enable exit with 0, reach the server within a second and store the actor', async () => {
    expect(await status()).toBe(204);

    const follows = 'every node follows within a second';
    expect(await run('disable', FLAG)).toEqual({ code: 0, out: `${FLAG} is off; ${follows}`, err: '' });
    pass(900);
    expect(await status()).toBe(403);
    expect(await run('list')).toEqual({ code: 0, out: `${FLAG}  off  (stored)\n${OTHER}`, err: '' });

    expect(await run('enable', FLAG)).toEqual({ code: 0, out: `${FLAG} is on; ${follows}`, err: '' });
    pass(900);
    expect(await status()).toBe(204);
    const [row] = await server.dataSource.query<Array<{ updated_by: string }>>('SELECT * FROM gtr_feature_flag');
    expect(row!.updated_by).toMatch(/^cli:./);
  });

  test('an unknown name exits with 2, lists the known names and stores nothing', async () => {
    const before = await server.dataSource.query('SELECT * FROM gtr_feature_flag');
    const { code, out, err } = await run('disable', 'GLOBAL_TOKEN_REVOCATOIN');

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`unknown feature flag 'GLOBAL_TOKEN_REVOCATOIN'; known: ${FLAG}`);
    expect(await server.dataSource.query('SELECT * FROM gtr_feature_flag')).toEqual(before);
  });

  test('--json prints documents of the same shape for each command', async () => {
    const list = await run('list', '--json');
    const [flag] = JSON.parse(list.out) as Array<{ name: string; enabled: boolean; source: string }>;
    expect(flag).toEqual({ name: FLAG, enabled: expect.any(Boolean) as boolean, source: 'stored' });
    const enable = await run('enable', FLAG, '--json');
    expect(JSON.parse(enable.out)).toEqual({ name: FLAG, enabled: true, source: 'stored' });
  });
});
