import { once } from 'node:events';
import { Agent, type IncomingMessage, request, type Server } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { inTransaction } from '../../src/module/database/primary.js';
import { SubjectEpoch } from '../../src/module/revocation/subject-epoch.entity.js';
import { subjectKey } from '../../src/module/revocation/subject-epochs.js';
import { gracefulShutdown } from '../../src/reference-op/shutdown.js';
import { describeEachServer } from '../support/databases.js';
import { basic } from '../support/operator.js';
import { alice, demoOperator } from '../support/people.js';
import { startServer } from '../support/server.js';
import { shorten } from '../support/shorten.js';

const body = JSON.stringify({ sub_id: { format: 'uid', id: 'alice' } });
const authorization = basic(demoOperator.clientId, demoOperator.secret);

/** Status of one revocation, or the code of the socket error. */
function revokeOnce(endpoint: string, agent: Agent, id: string): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = { authorization, 'content-type': 'application/json', 'x-request-id': id };
    const sent = request(endpoint, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode!));
    });
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    sent.end(body);
  });
}

describeEachServer('shutdown', (database) => {
  test.each([true, false])(
    'under load (keep-alive: %s) ends within 10 s beside an idle connection and answers every accepted request',
    async (keepAlive) => {
      let shutDown!: () => Promise<void>;
      const server = await startServer(database, { beforeListen: (app) => (shutDown = gracefulShutdown(app)) });
      const accepted = new Set<string>();
      (server.app.getHttpServer() as Server).on('request', ({ headers }: IncomingMessage) => {
        accepted.add(String(headers['x-request-id']));
      });
      const idle = connect(Number(new URL(server.url).port), '127.0.0.1');
      await once(idle, 'connect');

      const answers = new Map<string, number | string>();
      const work = async (worker: number): Promise<void> => {
        const agent = new Agent({ keepAlive, maxSockets: 1 });
        for (let i = 0; ; i += 1) {
          const answer = await revokeOnce(server.endpoint, agent, `${worker}.${i}`);
          answers.set(`${worker}.${i}`, answer);
          if (answer === 'ECONNREFUSED') return;
        }
      };
      const workers = Array.from({ length: 16 }, (_, worker) => work(worker));
      await vi.waitUntil(() => accepted.size > 16, { timeout: 30_000 });
      const began = performance.now();
      await shutDown();
      const seconds = (performance.now() - began) / 1000;
      await Promise.all(workers);

      const lost = [...accepted].filter((id) => answers.get(id) !== 204);
      console.log(
        `${database.name}, ${database.adapter}: ${accepted.size} accepted, ${lost.length} lost, stopped in ${seconds.toFixed(1)} s`,
      );
      expect(lost).toEqual([]);
      expect(seconds).toBeLessThan(10);
    },
  );

  test('ends in time although the database holds up a revocation', async () => {
    shorten(9000, 100);
    shorten(9800, 300);
    let shutDown!: () => Promise<void>;
    const server = await startServer(database, { beforeListen: (app) => (shutDown = gracefulShutdown(app)) });
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    let hold!: () => void;
    const held = new Promise<void>((resolve) => (hold = resolve));
    const holding = inTransaction(server.dataSource, async (manager) => {
      await manager.insert(SubjectEpoch, { subjectHash: subjectKey(alice.id), epoch: 1, previous: 0 });
      hold();
      await released;
    });
    await held;
    const answer = revokeOnce(server.endpoint, new Agent(), 'held');
    await sleep(200); // until it waits
    const isOver = await Promise.race([shutDown().then(() => true), sleep(2000, false)]);
    release();
    await Promise.allSettled([holding, answer]);
    await vi.waitUntil(() => !server.dataSource.isInitialized, { timeout: 10_000 });
    expect(isOver).toBe(true);
  });
});
