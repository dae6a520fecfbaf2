import { afterAll, expect, test } from 'vitest';
import { describeEachDatabase } from '../support/databases.js';
import { median, table } from './figures.js';
import { betterAuthSessions } from './peers/better-auth.js';
import { indexedDelete } from './peers/delete.js';
import { knexGrants } from './peers/knex.js';
import { ours } from './peers/ours.js';
import type { OpenPeer, Peer } from './peers/peer.js';
import { type Ended, publishPeers } from './publish.js';

const COUNTS = [10, 1000, 100_000];
/** Fewer where one takes minutes. */
const ROUNDS = [9, 5, 1];

const PEERS: Record<string, OpenPeer> = {
  'this module': ours,
  'one indexed DELETE': indexedDelete,
  'oidc-provider, knex adapter': knexGrants,
  'Better Auth, /revoke-sessions': betterAuthSessions,
};

const all: Ended[] = [];

/** `BENCH_WRITE=1`: the figures go into docs/explanation/performance.md. */
afterAll(async () => {
  if (process.env.BENCH_WRITE === '1') await publishPeers(all);
});

/** Everything of one user ends by one HTTP request. */
describeEachDatabase('everything of one user', (database) => {
  const names = Object.keys(PEERS).filter((name) => database.name !== 'sqlite' || !name.startsWith('Better Auth'));

  test(`${COUNTS.join(', ')} credentials, in turns`, async () => {
    const peers = new Map<string, Peer>();
    for (const name of names) peers.set(name, await PEERS[name]!(database));
    const ended = new Map<string, Ended>(names.map((who) => [who, { database: database.name, who, byCount: [] }]));
    for (const [i, count] of COUNTS.entries()) {
      const times = new Map(names.map((name) => [name, [] as number[]]));
      const survivors = new Map(names.map((name) => [name, 0]));
      for (let round = 0; round < ROUNDS[i]!; round += 1) {
        for (const [name, peer] of peers) {
          await peer.fill(count);
          const start = performance.now();
          await peer.end();
          times.get(name)!.push(performance.now() - start);
          survivors.set(name, Math.max(survivors.get(name)!, await peer.survivors()));
        }
      }
      for (const [name, taken] of times) {
        ended.get(name)!.byCount.push({ count, time: median(taken), survivors: survivors.get(name)! });
      }
      expect(survivors.get('this module')).toBe(0);
    }
    const [first] = ended.values();
    console.log(`\n${database.name}: one request, median of ${ROUNDS.join(', ')} rounds`);
    for (const { who, byCount } of ended.values()) {
      const rows = byCount.map(({ count, time, survivors: left }, i) => {
        const ratio = time / first!.byCount[i]!.time;
        return [count, `${time.toFixed(1)} ms`, ratio.toFixed(1), left];
      });
      console.log(`${who}\n${table([['credentials', 'time', '÷ this module', 'survivors'], ...rows])}`);
    }
    all.push(...ended.values());
    for (const peer of peers.values()) await peer.close();
  });
});
