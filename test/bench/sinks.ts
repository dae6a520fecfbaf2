import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RevocationService } from '../../src/module/index.js';
import { RecordingSink, recipients } from '../module/notifications/recording-sink.js';
import { describeEachDatabase } from '../support/databases.js';
import { type NestHost, startNestHost } from '../support/nest-host.js';
import { errorOfMedian, median, quantile, sample, table } from './figures.js';

const ROUNDS = 80;
const WARM_UP = 5;
/** Until what the revocation before has left to do is done. */
const SETTLE_MS = 250;
const MANY = 500;

/** Whom a revocation is told to. */
const VARIANTS = {
  'no sink': { told: 0, hanging: 0 },
  '1 recipient': { told: 1, hanging: 0 },
  [`${MANY} recipients`]: { told: MANY, hanging: 0 },
  [`${MANY} recipients, one hangs`]: { told: MANY - 1, hanging: 1 },
};

interface Node extends NestHost {
  sink: RecordingSink;
  /** How many are told by one revocation. */
  told: number;
}

/** The next revocation waits until all that answer were told: what is compared is the revocation, not the load of the one before. */
describeEachDatabase('latency of a revocation by what it notifies', (database) => {
  const nodes = new Map<string, Node>();

  beforeAll(async () => {
    for (const [name, { told, hanging }] of Object.entries(VARIANTS)) {
      const host = await startNestHost(database, {
        module: { providers: [RecordingSink] },
        options: { notifications: { sinks: told === 0 ? [] : [RecordingSink], intervalMs: 600_000 } },
      });
      const sink = host.app.get(RecordingSink, { strict: false });
      const names = recipients(told + hanging);
      sink.pages = [names];
      sink.onSend = ({ recipient }) => (hanging > 0 && recipient === names[0] ? sink.hang() : Promise.resolve());
      nodes.set(name, { ...host, sink, told });
    }
  });
  afterAll(async () => {
    for (const node of nodes.values()) {
      node.sink.letGo();
      await node.stop();
    }
  });

  const revoke = async ({ app, sink, told }: Node, subject: string): Promise<number> => {
    const [revocations, before] = [app.get(RevocationService), sink.told.length];
    const started = performance.now();
    await revocations.revoke(subject, { actor: 'bench' });
    const taken = performance.now() - started;
    for (let tries = 0; sink.told.length < before + told && tries < 1000; tries += 1) await sleep(10);
    return taken;
  };

  test('is measured in turns', async () => {
    const times = new Map([...nodes.keys()].map((name) => [name, [] as number[]]));
    for (let round = -WARM_UP; round < ROUNDS; round += 1) {
      for (const [name, node] of sample([...nodes], nodes.size)) {
        await sleep(SETTLE_MS);
        const taken = await revoke(node, `user-${round + WARM_UP}`);
        if (round >= 0) times.get(name)!.push(taken);
      }
    }
    const without = median(times.get('no sink')!);
    const rows = [...times].map(([name, taken]) => [
      name,
      `${median(taken).toFixed(2)} ms`,
      `± ${errorOfMedian(taken).toFixed(2)} ms`,
      `${quantile(taken, 0.95).toFixed(2)} ms`,
      (median(taken) / without).toFixed(2),
    ]);
    console.log(`\n${database.name}: ${ROUNDS} revocations, in process, one at a time`);
    console.log(`${rows.map((row) => table([row.slice(1)]) + `  ${row[0]}`).join('\n')}\n`);
    expect(rows).toHaveLength(Object.keys(VARIANTS).length);
  });
});
