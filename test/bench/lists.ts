import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { TypeOrmClientRegistry } from '../../src/module/caller/clients/typeorm-client-registry.js';
import { onPrimary } from '../../src/module/database/primary.js';
import { rowsOf } from '../../src/module/database/statement.js';
import { EVERYBODY } from '../../src/module/revocation/live-epoch.js';
import { CAPACITY, packed } from '../../src/module/status-list/encoding.js';
import { ListStates } from '../../src/module/status-list/list-states.js';
import { StatusList } from '../../src/module/status-list/status-list.entity.js';
import { openDatabase } from '../module/database/open-database.js';
import { describeEachDatabase } from '../support/databases.js';

const LIST = '00000000-0000-4000-8000-000000000001';
/** Index 0 is not given out. */
const INDEXES = CAPACITY - 1;
const REFRESHES = 5;
const REALM = '1'.repeat(64);

const ones = (bits: Uint8Array): number =>
  bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);

/** A hash for each of so many users. */
const HASHES = {
  sqlite: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${INDEXES})
    SELECT lower(hex(randomblob(32))), 7, 0 FROM n`,
  mariadb: `SELECT SHA2(seq, 256) AS subject_hash, 7, 0 FROM seq_1_to_${INDEXES} ORDER BY subject_hash`,
  postgres: `SELECT encode(sha256(i::text::bytea), 'hex'), 7, 0 FROM generate_series(1, ${INDEXES}) i`,
};

describeEachDatabase('a status list with a million indexes', (database) => {
  test('is read in parts, and refreshed by what has ended since', async () => {
    const open = await openDatabase(database);
    const { dataSource, deadline } = open;
    const far = Date.now() + 86_400_000;
    await dataSource.manager.insert(StatusList, { id: LIST, ordinal: 1, closesAt: far, expiresAt: far });
    await dataSource.query(`INSERT INTO gtr_subject_epoch (subject_hash, epoch, previous) ${HASHES[database.name]}`);
    await dataSource.query(`INSERT INTO gtr_status_index (list_id, idx, subject_hash, audience_hash, epoch, client_id)
      SELECT '${LIST}', ROW_NUMBER() OVER (ORDER BY SUBSTR(subject_hash, 20)), subject_hash, '', epoch, NULL
      FROM gtr_subject_epoch WHERE subject_hash <> '${EVERYBODY}'`);
    const ended = `subject_hash LIKE '%00' AND subject_hash <> '${EVERYBODY}'`;
    await dataSource.query(`UPDATE gtr_subject_epoch SET previous = epoch, epoch = epoch + 1 WHERE ${ended}`);
    const [row] = await onPrimary(dataSource, (manager) =>
      rowsOf<{ number: string | number }>(manager, `SELECT COUNT(*) AS number FROM gtr_subject_epoch WHERE ${ended}`),
    );

    const states = new ListStates(dataSource, deadline, new TypeOrmClientRegistry(dataSource));
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const started = performance.now();
    const { lists } = await states.current(LIST);
    const built = performance.now() - started;
    delay.disable();
    const { bits } = lists.get(LIST)!;
    const set = ones(bits);
    expect(set).toBe(Number(row!.number) + 1);

    const refreshes: number[] = [];
    while (refreshes.length < REFRESHES) {
      await new Promise((resolve) => setTimeout(resolve, 1001));
      const from = performance.now();
      await states.current();
      refreshes.push(performance.now() - from);
    }
    await dataSource.query(`UPDATE gtr_subject_epoch SET realm_hash = '${REALM}' WHERE subject_hash LIKE '%01'`);
    await dataSource.query(`INSERT INTO gtr_realm_epoch (realm_hash, epoch, previous) VALUES ('${REALM}', 1, 1)`);
    await new Promise((resolve) => setTimeout(resolve, 1001));
    const from = performance.now();
    await states.current();
    const realm = performance.now() - from;
    const more = ones(bits) - set;
    expect(more).toBeGreaterThan(3500);
    const lst = await packed(bits);
    console.log(`\n${database.name}: ${INDEXES} indexes, ${set - 1} of them ended`);
    console.log(`built in ${built.toFixed(0)} ms, event loop busy for at most ${(delay.max / 1e6).toFixed(0)} ms`);
    console.log(`refreshed in ${refreshes.map((ms) => ms.toFixed(1)).join(', ')} ms; ${lst.length} characters`);
    console.log(`read a revoked realm of ${more} users in ${realm.toFixed(0)} ms\n`);
    await open.close();
  });
});
