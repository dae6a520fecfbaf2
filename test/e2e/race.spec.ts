import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachServer } from '../support/databases.js';
import { race, tableRow } from '../support/race.js';
import type { Design } from '../support/race-designs.js';
import { RaceField } from '../support/race-field.js';
import type { Kind } from '../support/race-round.js';

const options = { timeout: 600_000 };
const kinds: Kind[] = ['refresh', 'code'];

describeEachServer('the race between a revocation and tokens in flight', (database) => {
  let field: RaceField;
  beforeAll(async () => (field = await RaceField.open(database)));
  afterAll(() => field.close());

  async function run(design: Design, kind: Kind, rounds: number) {
    const server = await field.start(design);
    try {
      const tally = await race(server, kind, rounds);
      console.log(tableRow(`${database.name}, ${database.adapter}, ${design}, ${kind}`, tally));
      return tally;
    } finally {
      await server.stop();
    }
  }

  test.each(kinds)('epochs alone: nothing from before survives 100 rounds of %s', options, async (kind) => {
    const { survived, real, rounds } = await run('epoch', kind, 100);
    expect(survived).toBe(0);
    expect(real).toBeGreaterThanOrEqual(rounds / 2);
  });

  test.each(kinds)('as shipped: nothing from before survives 25 rounds of %s', options, async (kind) => {
    const { survived, real } = await run('shipped', kind, 25);
    expect(survived).toBe(0);
    expect(real).toBeGreaterThan(0);
  });

  test.each(kinds)('from the adapter before: nothing survives 25 rounds of %s', options, async (kind) => {
    const { survived, fates } = await run('moving', kind, 25);
    expect(survived).toBe(0);
    // All in flight wait for the grant and the session to be moved, so mostly they end alike: some rounds early, some refused.
    expect(Math.min(fates.early, fates.refused)).toBeGreaterThan(0);
  });

  // An overloaded machine blurs the aim; nothing here may survive by chance, so more tries are fair for the control only.
  const control = { ...options, retry: 5 };
  test.each(kinds)(
    'control: half survive 40 rounds of %s when the epoch is read as a token is made',
    control,
    async (kind) => {
      const { survived, rounds } = await run('control', kind, 40);
      expect(survived).toBeGreaterThanOrEqual(rounds / 2);
    },
  );
});
