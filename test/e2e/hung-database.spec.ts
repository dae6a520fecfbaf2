import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { type Answer, asOperator, send, uidBody } from '../endpoint/send.js';
import { freePort } from '../support/free-port.js';
import { isMariaDbInstalled, startMariaDb } from '../support/mariadb.js';
import { createDatabase } from '../support/mariadb-database.js';
import { build, startProcess } from '../support/server-process.js';

const HUNG_MS = 30_000;
const EVERY_MS = 10;
/** What the default queue is in this test: reached within seconds. */
const QUEUE = 200;
/** Deadline and the machine's own slowness, in milliseconds. */
const PATIENCE = 8000;
const MIB = 2 ** 20;

const skipped = !isMariaDbInstalled() || process.env.TEST_DATABASES === 'sqlite';

/** Resident memory of a process, in bytes. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}

describe.skipIf(skipped)('MariaDB hangs under load', () => {
  test('30 s → 503 in time for all, at once for most; memory does not grow; it goes on → 204 by itself', async () => {
    await build();
    const mariaDb = await startMariaDb();
    const cwd = await mkdtemp(join(inject('tempDir'), 'hung-'));
    const PORT = String(await freePort());
    const settings = { PORT, GTR_LOG: 'json', GTR_DATABASE_QUEUE: String(QUEUE), GTR_CALLS_PER_MINUTE: '0' };
    const server = await startProcess(cwd, {
      ...settings,
      GTR_TOTAL_CALLS_PER_MINUTE: '0',
      DATABASE_URL: await createDatabase(mariaDb.url),
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

      process.kill(mariaDb.pid, 'SIGSTOP');
      const sent: Array<Promise<unknown>> = [];
      const load = setInterval(() => sent.push(revoke()), EVERY_MS);
      await sleep(HUNG_MS / 3);
      const early = await residentBytes(server.pid);
      await sleep((HUNG_MS * 2) / 3);
      clearInterval(load);
      await Promise.all(sent);
      const late = await residentBytes(server.pid);
      process.kill(mariaDb.pid, 'SIGCONT');

      const atOnce = answers.filter(({ tookMs }) => tookMs < 1000).length;
      const slowest = Math.max(...answers.map(({ tookMs }) => tookMs));
      console.log(
        `${answers.length} refused, ${atOnce} of them at once, the last after ${Math.round(slowest)} ms; ` +
          `memory ${Math.round(early / MIB)} MiB after 10 s, ${Math.round(late / MIB)} MiB after 30 s`,
      );
      expect(answers.filter(({ status, retryAfter }) => status !== 503 || retryAfter !== '5')).toEqual([]);
      expect(slowest).toBeLessThan(PATIENCE);
      expect(answers.length - atOnce).toBeLessThan(2 * QUEUE);
      expect(late - early).toBeLessThan(64 * MIB);
      await expect.poll(async () => (await revoke()).status, { timeout: 10_000 }).toBe(204);
    } finally {
      process.kill(mariaDb.pid, 'SIGCONT');
      await server.stop();
      await mariaDb.stop();
    }
  }, 180_000);
});
