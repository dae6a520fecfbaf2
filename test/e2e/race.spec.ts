import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeEachServer } from '../support/databases.js';
import { delay } from '../support/jwt-api.js';
import { race, tableRow } from '../support/race.js';
import type { Design } from '../support/race-designs.js';
import { RaceField } from '../support/race-field.js';
import type { Kind } from '../support/race-round.js';

const options = { timeout: 600_000 };
const kinds: Kind[] = ['refresh', 'code'];
const jwtKinds: Kind[] = ['refresh to a JWT', 'code for a JWT'];

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

  test.each(kinds)('epochs alone: nothing from before survives 50 rounds of %s', options, async (kind) => {
    const { survived, real, rounds } = await run('epoch', kind, 50);
    expect(survived).toBe(0);
    expect(real).toBeGreaterThanOrEqual(rounds / 2);
  });

  test.each(kinds)('as shipped: nothing from before survives 25 rounds of %s', options, async (kind) => {
    const { survived, real } = await run('shipped', kind, 25);
    expect(survived).toBe(0);
    expect(real).toBeGreaterThan(0);
  });

  test.each(kinds)('with a previous adapter: nothing survives 15 rounds of %s', options, async (kind) => {
    const { survived, fates } = await run('moving', kind, 15);
    expect(survived).toBe(0);
    // All in flight wait for the grant and the session to be moved, so mostly they end alike: some rounds early, some refused.
    expect(Math.min(fates.early, fates.refused)).toBeGreaterThan(0);
  });

  // An overloaded machine blurs the aim; nothing here may survive by chance, so more tries are fair for the control only.
  const control = { ...options, retry: 5 };
  test.each(kinds)(
    'control: half survive 40 rounds of %s when the epoch is read when a token is made',
    control,
    async (kind) => {
      const { survived, rounds } = await run('control', kind, 40);
      expect(survived).toBeGreaterThanOrEqual(rounds / 2);
    },
  );

  test.each(jwtKinds)('0 JWTs of 20 rounds of %s are accepted after the advertised delay', options, async (kind) => {
    const server = await field.start('epoch');
    const { survived, real, jwts } = await race(server, kind, 20);
    await delay();
    const accepted = await Promise.all(jwts.map((jwt) => server.api.accepts(jwt)));
    await server.stop();
    expect(accepted.filter(Boolean)).toEqual([]);
    expect([survived, real > 0, jwts.length > 0]).toEqual([0, true, true]);
  });

  test.each(jwtKinds)('as shipped: no JWT from before survives 5 rounds of %s', options, async (kind) => {
    expect((await run('shipped', kind, 5)).survived).toBe(0);
  });

  test.each(jwtKinds)(
    'control: JWTs survive a fifth of 15 rounds of %s when the epoch is read when they are made',
    control,
    async (kind) => {
      const { survived, rounds } = await run('control', kind, 15);
      expect(survived).toBeGreaterThanOrEqual(rounds / 5);
    },
  );
});
