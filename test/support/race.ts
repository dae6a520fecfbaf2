import { type Fate, IN_FLIGHT, type Kind, round, type Round } from './race-round.js';
import type { RaceServer } from './race-field.js';

/** What came of many rounds. */
export interface Tally {
  rounds: number;
  /** Rounds in which something that was handed out is accepted after the revocation. */
  survived: number;
  /** Rounds that were a race: something was handed out, and something was refused or answered after the revocation. */
  real: number;
  /** Requests by how they ended. */
  fates: Record<Fate, number>;
  /** JWTs that were handed out. */
  jwts: string[];
}

/** Runs rounds one after another, each aimed a little better than the one before. */
export async function race(
  server: RaceServer,
  kind: Kind,
  rounds: number,
  progress?: (tally: Tally) => void,
): Promise<Tally> {
  const aim = new Aim();
  const tally: Tally = { rounds: 0, survived: 0, real: 0, fates: { early: 0, late: 0, refused: 0 }, jwts: [] };
  while (tally.rounds < rounds) {
    const result = await round(server, kind, aim.moment());
    aim.learn(result);
    tally.rounds += 1;
    tally.survived += Number(result.survivors > 0);
    tally.real += Number(isReal(result));
    for (const fate of result.fates) tally.fates[fate] += 1;
    tally.jwts.push(...result.jwts);
    progress?.(tally);
  }
  return tally;
}

const count = ({ fates }: Round, fate: Fate): number => fates.filter((each) => each === fate).length;

const isReal = (round: Round): boolean =>
  count(round, 'refused') < IN_FLIGHT && count(round, 'refused') + count(round, 'late') > 0;

/** Finds the moment at which the revocation must be sent to be committed while the requests are served. */
class Aim {
  private middle = 0;
  private duration = 10;

  /** Milliseconds from sending the requests; never quite the same. */
  moment(): number {
    return this.middle + (Math.random() - 0.5) * 0.4 * this.duration;
  }

  /** As many answers before the revocation as refusals after it: the middle was right. */
  learn(round: Round): void {
    this.duration += 0.2 * (round.duration - this.duration);
    this.middle += 0.05 * this.duration * (count(round, 'refused') - count(round, 'early'));
  }
}

/** One line of a table of races. */
export const tableRow = (name: string, { rounds, survived, real, fates }: Tally): string =>
  [name.padEnd(36), rounds, real, fates.early, fates.late, fates.refused, survived]
    .map((cell) => String(cell).padStart(10))
    .join('');

export const tableHead =
  ' '.repeat(36) + ['rounds', 'real', 'early', 'late', 'refused', 'survived'].map((cell) => cell.padStart(10)).join('');
