import { expect, test } from 'vitest';
import { databases } from '../support/databases.js';
import { delay } from '../support/jwt-api.js';
import { race, tableHead, tableRow, type Tally } from '../support/race.js';
import type { Design } from '../support/race-designs.js';
import { RaceField } from '../support/race-field.js';
import type { Kind } from '../support/race-round.js';

/** Rounds altogether; `RACE_ROUNDS` overrides it. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 10_000);
const CONTROL_ROUNDS = 40;

/** Only this one, so that several can run at the same time. */
const { RACE_DATABASE } = process.env;
const used = databases.filter(({ name, available }) => available && (!RACE_DATABASE || name === RACE_DATABASE));
const kinds: Kind[] = ['refresh', 'code'];
const jwtKinds: Kind[] = ['refresh to a JWT', 'code for a JWT'];
const designs: Design[] = ['epoch', 'shipped', 'moving', 'control'];
const share = Math.ceil(ROUNDS / (used.length * (3 * kinds.length + 2 * jwtKinds.length)));

test(`in ${ROUNDS} rounds nothing from before a revocation is accepted after it, except by the control`, async () => {
  const tallies: Array<{ name: string; design: Design; tally: Tally }> = [];
  for (const database of used) {
    const field = await RaceField.open(database);
    for (const design of designs) {
      const server = await field.start(design);
      for (const kind of [...kinds, ...(design === 'moving' ? [] : jwtKinds)]) {
        const name = `${database.name}, ${design}, ${kind}`;
        const rounds = design === 'control' ? CONTROL_ROUNDS : share;
        tallies.push({ name, design, tally: await race(server, kind, rounds, progressOf(name, rounds)) });
      }
      const jwts = tallies
        .filter(({ name }) => name.startsWith(`${database.name}, ${design},`))
        .flatMap(({ tally }) => tally.jwts);
      await delay();
      const accepted = (await Promise.all(jwts.map((jwt) => server.api.accepts(jwt)))).filter(Boolean).length;
      console.log(
        `${database.name}, ${design}: ${accepted} of ${jwts.length} JWTs are accepted after the advertised delay`,
      );
      if (design !== 'control') expect(accepted).toBe(0);
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
