import { expect, test } from 'vitest';
import { databases } from '../support/databases.js';
import { race, tableHead, tableRow, type Tally } from '../support/race.js';
import type { Design } from '../support/race-designs.js';
import { RaceField } from '../support/race-field.js';
import type { Kind } from '../support/race-round.js';

/** Rounds altogether; `RACE_ROUNDS` overrides it. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 10_000);
const CONTROL_ROUNDS = 40;

const used = databases.filter(({ available }) => available);
const kinds: Kind[] = ['refresh', 'code'];
const designs: Design[] = ['epoch', 'shipped', 'moving', 'control'];
const share = Math.ceil(ROUNDS / (used.length * kinds.length * (designs.length - 1)));

test(`in ${ROUNDS} rounds nothing from before a revocation is accepted after it, except by the control`, async () => {
  const tallies: Array<{ name: string; design: Design; tally: Tally }> = [];
  for (const database of used) {
    const field = await RaceField.open(database);
    for (const design of designs) {
      const server = await field.start(design);
      for (const kind of kinds) {
        const name = `${database.name}, ${design}, ${kind}`;
        const rounds = design === 'control' ? CONTROL_ROUNDS : share;
        tallies.push({ name, design, tally: await race(server, kind, rounds, progressOf(name, rounds)) });
      }
      await server.stop();
    }
    await field.close();
  }
  console.log(['', tableHead, ...tallies.map(({ name, tally }) => tableRow(name, tally)), ''].join('\n'));
  for (const { name, design, tally } of tallies) {
    if (design === 'control') expect(tally.survived, name).toBeGreaterThanOrEqual(tally.rounds / 2);
    else expect(tally.survived, name).toBe(0);
  }
});

/** Says every tenth part how far it is. */
const progressOf =
  (name: string, total: number) =>
  ({ rounds, survived, real }: Tally): void => {
    if (rounds % Math.ceil(total / 10) === 0 || rounds === total) {
      console.log(`${name}: ${rounds} of ${total} rounds, ${real} real races, survivors in ${survived}`);
    }
  };
