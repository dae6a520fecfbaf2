import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Cluster, type Fault, OUTAGE_MS } from './cluster-database.js';
import { Field } from './field.js';
import { startGalera } from './galera.js';
import type { Verdict } from './history.js';
import { startReplicatedPostgres } from './replicated-postgres.js';

/** Rounds of each fault; `CLUSTER_ROUNDS` overrides it. */
const ROUNDS = Number(process.env.CLUSTER_ROUNDS ?? 5);

/** What happens between a node of the application and its database. */
const network: Record<string, Fault> = {
  'a node of the application is cut off from its database': async (proxies) => {
    const proxy = proxies[Math.floor(Math.random() * proxies.length)]!;
    proxy.cut();
    await sleep(OUTAGE_MS);
    proxy.heal();
  },
};

const columns = ['checks', 'after', 'revocations', 'unclear', 'accepted', 'refused', 'misrecorded'] as const;

const line = (name: string, rounds: number | string, cells: ReadonlyArray<number | string>): string =>
  `${name.padEnd(78)}${[rounds, ...cells].map((cell) => String(cell).padStart(12)).join('')}`;

const head = line('', 'rounds', columns);

test.each([
  { name: 'Galera', start: startGalera },
  { name: 'PostgreSQL', start: startReplicatedPostgres },
])('on a cluster of $name no check that starts after a 204 accepts', async ({ start }) => {
  const cluster = await start();
  const field = await Field.open(cluster);
  try {
    console.log(`\n${cluster.name}\n${head}`);
    for (const fault of Object.keys({ ...network, ...cluster.faults })) {
      const { accepted, refused, misrecorded } = await rounds(field, cluster, fault);
      expect({ fault, accepted, refused, misrecorded }).toEqual({ fault, accepted: 0, refused: 0, misrecorded: 0 });
    }
    for (const fault of Object.keys(cluster.unsafe)) {
      const { accepted } = await rounds(field, cluster, fault);
      expect(accepted, `${fault}: the checker must see it`).toBeGreaterThan(0);
    }
  } finally {
    await field.close();
  }
});

async function rounds(field: Field, { faults, unsafe }: Cluster, name: string): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (let index = 0; index < ROUNDS; index += 1)
    verdicts.push(await field.round({ ...network, ...faults, ...unsafe }[name]!));
  const sums = columns.map((column) => verdicts.reduce((total, verdict) => total + verdict[column], 0));
  console.log(line(name, ROUNDS, sums));
  return Object.fromEntries(columns.map((column, index) => [column, sums[index]!])) as unknown as Verdict;
}
