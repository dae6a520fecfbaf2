import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { type Answer, asOperator, send, uidBody } from '../module/endpoint/send.js';
import { freePort } from '../support/free-port.js';
import { freeze, thaw } from '../support/freeze.js';
import { describeOwnServers, type TestDatabase } from '../support/databases.js';
import { createDatabase } from '../support/server-database.js';
import { build, type ServerProcess, startProcess } from '../support/server-process.js';

const HUNG_MS = 30_000;
const EVERY_MS = 10;
/** What the default queue is in this test: reached within seconds. */
const QUEUE = 200;
/** How often the queue fills: pg gives up waiting for a connection after 5 s, and others take the place. */
const TURNS: Partial<Record<TestDatabase['name'], number>> = { mariadb: 2, postgres: 1 + HUNG_MS / 5000 };
/** Deadline and the machine's own slowness, in milliseconds. */
const PATIENCE = 8000;
const MIB = 2 ** 20;
/** What may be in use more than before, in MiB: thousands of requests that were kept would be tens. */
const GROWTH = 4;
/** What the process may have taken besides, in MiB: garbage that nobody has asked it to collect. */
const RESIDENT_GROWTH = 32;

/** What a server has in use after it has collected its garbage, in MiB. */
interface Memory {
  held: number;
  resident: number;
}

async function memoryOf({ pid, output }: ServerProcess): Promise<Memory> {
  const before = output().length;
  process.kill(pid, 'SIGUSR2');
  for (;;) {
    await sleep(50);
    const [, said] = /MEMORY (\{[^}]*\})/.exec(output().slice(before)) ?? [];
    if (said === undefined) continue;
    const { heapUsed, external, rss } = JSON.parse(said) as NodeJS.MemoryUsage;
    return { held: (heapUsed + external) / MIB, resident: rss / MIB };
  }
}

const inWords = ({ held, resident }: Memory): string =>
  `${held.toFixed(1)} MiB in use (${Math.round(resident)} resident)`;

describeOwnServers('database hangs under load', (database) => {
  test('returns 503 in time for 30 s without growing memory, then recovers without a restart', async () => {
    await build();
    const own = await database.startOwn();
    const cwd = await mkdtemp(join(inject('tempDir'), 'hung-'));
    const PORT = String(await freePort());
    const NODE_OPTIONS = `--import ${resolve('test/support/memory.mjs')}`;
    const settings = {
      PORT,
      NODE_OPTIONS,
      GTR_LOG: 'json',
      GTR_DATABASE_QUEUE: String(QUEUE),
      GTR_CALLS_PER_MINUTE: '0',
    };
    const server = await startProcess(cwd, {
      ...settings,
      GTR_TOTAL_CALLS_PER_MINUTE: '0',
      DATABASE_URL: await createDatabase(own.url),
    });
    const endpoint = `http://localhost:${PORT}/global-token-revocation`;
    const answers: Array<{ status: number; retryAfter: unknown; tookMs: number }> = [];
    const revoke = async (): Promise<Answer> => {
      const begun = performance.now();
      const answer = await send(endpoint, { headers: asOperator, body: uidBody('alice') });
      const retryAfter = answer.headers['retry-after'];
      answers.push({ status: answer.status, retryAfter, tookMs: performance.now() - begun });
      return answer;
    };
    try {
      for (let i = 0; i < 4; i += 1) await Promise.all(Array.from({ length: 50 }, revoke));
      expect(new Set(answers.splice(0).map(({ status }) => status))).toEqual(new Set([204]));

      const running = await memoryOf(server);
      await freeze(own.pid);
      const sent: Array<Promise<unknown>> = [];
      const load = setInterval(() => sent.push(revoke()), EVERY_MS);
      await sleep(HUNG_MS / 3);
      const early = await memoryOf(server);
      await sleep((HUNG_MS * 2) / 3);
      const late = await memoryOf(server);
      clearInterval(load);
      await Promise.all(sent);
      await thaw(own.pid);

      const atOnce = answers.filter(({ tookMs }) => tookMs < 1000).length;
      const slowest = Math.max(...answers.map(({ tookMs }) => tookMs));
      console.log(
        `${answers.length} refused, ${atOnce} of them at once, the last after ${Math.round(slowest)} ms; ` +
          `memory ${inWords(running)} before, ${inWords(early)} after 10 s, ${inWords(late)} after 30 s`,
      );
      expect(late.held - early.held).toBeLessThan(GROWTH);
      expect(late.resident - early.resident).toBeLessThan(RESIDENT_GROWTH);
      expect(answers.filter(({ status, retryAfter }) => status !== 503 || retryAfter !== '5')).toEqual([]);
      expect(slowest).toBeLessThan(PATIENCE);
      expect(answers.length - atOnce).toBeLessThan(TURNS[database.name]! * QUEUE);
      await expect.poll(async () => (await revoke()).status, { timeout: 10_000 }).toBe(204);
      const after = await memoryOf(server);
      console.log(`when it goes on: ${inWords(after)}`);
      expect(after.held - running.held).toBeLessThan(GROWTH);
    } finally {
      await thaw(own.pid);
      await server.stop();
      await own.stop();
    }
  }, 180_000);
});
