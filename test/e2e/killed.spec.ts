import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { PREVIOUS_OF_FIRST } from '../../src/module/revocation/live-epoch.js';
import { Revocation } from '../../src/module/revocation/revocation.entity.js';
import { SubjectEpoch } from '../../src/module/revocation/subject-epoch.entity.js';
import { dataSourceOptions, openDataSource } from '../../src/reference-op/op/data-source.js';
import { describeEachServer } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { revoke } from '../support/operator.js';
import { startProcess } from '../support/server-process.js';
import { unlimited } from '../support/unlimited.js';

/** `KILLS` overrides it. */
const KILLS = Number(process.env.KILLS ?? 4);
const TIMEOUT = 60_000 + KILLS * 10_000;
const IN_FLIGHT = 8;

describeEachServer('kill -9 under load', (database) => {
  test(`after ${KILLS} kills every 204 is in force, and effects and records match`, { timeout: TIMEOUT }, async () => {
    const { url, drop } = await database.create();
    const cwd = await mkdtemp(join(inject('tempDir'), 'killed-'));
    let acknowledged = 0;
    let sent = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const port = await freePort();
      const settings = { PORT: String(port), DATABASE_URL: url, GTR_SWEEP_INTERVAL_MS: '0', ...unlimited };
      const server = await startProcess(cwd, settings, database.adapter);
      const there = { endpoint: `http://localhost:${port}/global-token-revocation` };
      let begun!: () => void;
      const first = new Promise<void>((resolve) => (begun = resolve));
      const work = async (): Promise<void> => {
        for (;;) {
          sent += 1;
          const status = await revoke(there, { format: 'uid', id: 'alice' }).then(
            (response) => response.status,
            (error: unknown) => {
              if (!(error instanceof TypeError)) throw error; // fetch throws one when the connection ends
              return 'gone';
            },
          );
          if (status === 'gone') return;
          if (status === 204) acknowledged += 1;
          begun();
        }
      };
      const workers = Array.from({ length: IN_FLIGHT }, work);
      await first;
      await sleep(Math.random() * 300);
      await server.kill();
      await Promise.all(workers);
    }

    const dataSource = await openDataSource(dataSourceOptions(url));
    const records = await dataSource.getRepository(Revocation).find({ order: { epochAfter: 'ASC' } });
    const [epoch] = await dataSource.getRepository(SubjectEpoch).find();
    await dataSource.destroy();
    await drop();
    console.log(
      `${database.name}, ${database.adapter}: ${sent} sent, ${acknowledged} answered 204, ${records.length} recorded`,
    );

    expect(acknowledged).toBeGreaterThan(KILLS);
    expect(records.length).toBeGreaterThanOrEqual(acknowledged);
    expect(records.length).toBeLessThanOrEqual(sent);
    // Each raise has its record: the epoch before one is the epoch after the one before. The first one created the row.
    expect(records.map(({ epochBefore }) => epochBefore)).toEqual([
      PREVIOUS_OF_FIRST,
      ...records.map((r) => r.epochAfter).slice(0, -1),
    ]);
    expect(epoch!.epoch).toBe(records.at(-1)!.epochAfter);
  });
});
