import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.js';
import { freePort } from '../support/free-port.js';
import { startProcess } from '../support/server-process.js';
import { median } from './figures.js';
import { residentMib } from './resident-memory.js';
import { keep } from './results.js';

const STARTS = 5;
const IDLE_MS = 2000;

describeEachDatabase('start', (database) => {
  test(`${STARTS} starts: measures time to ready and idle memory`, async () => {
    const { url, drop } = await database.create();
    const dir = await mkdtemp(join(inject('tempDir'), 'bench-'));
    const start = async () =>
      startProcess(process.cwd(), { PORT: String(await freePort()), DATABASE_URL: url, GTR_DATA_DIR: dir });
    const first = await start();
    await first.stop();
    const ready: number[] = [];
    let memory = 0;
    for (let i = 0; i < STARTS; i += 1) {
      const server = await start();
      ready.push(server.readyAfter);
      if (ready.length === STARTS) await sleep(IDLE_MS);
      memory = await residentMib(server.pid);
      await server.stop();
    }
    await drop();
    keep(database.name, { start: { ready: median(ready), memory } });
    console.log(`\n${database.name}: ready after ${median(ready)} ms (very first start ${first.readyAfter} ms)`);
    console.log(`memory after ${IDLE_MS / 1000} s idle: ${memory.toFixed(0)} MiB\n`);
    expect(Math.max(...ready)).toBeLessThan(60_000);
  });
});
