import { AsyncLocalStorage } from 'node:async_hooks';
import { Departure } from './departure.js';
import { isDriverError } from './driver-errors.js';

/** Most members of one transaction. */
const MEMBERS_MAX = 64;
/** Milliseconds after which a transaction no longer holds up others. */
const SLOW_MS = 100;

/** What becomes of a member: its result, or its turn to run a transaction of its own and then to say so. */
type Verdict<Result> = { result: Result } | { whenAlone: () => void };

interface Waiting<Member, Result> {
  member: Member;
  isLate: () => boolean;
  resolve: (verdict: Verdict<Result>) => void;
  reject: (error: unknown) => void;
}

/** Whether a transaction no longer holds up others: it has ended, or it is slow. */
interface Lead {
  isOver: boolean;
}

/**
 * Work that waits while a transaction runs shares the next one. A member that comes alone runs a transaction of its own, without a delay.
 *
 * If a shared transaction fails, it is rolled back and tried again by halves, until the one that causes it is alone; after a
 * moment, all that are left run alone. What runs alone then holds up nobody. The shared transaction belongs to none of the
 * requests: it runs outside of their asynchronous contexts and their deadlines.
 */
export class GroupCommit<Member, Result> {
  private readonly outside = AsyncLocalStorage.snapshot();
  private readonly waiting: Array<Waiting<Member, Result>> = [];
  private readonly unsettled = new Set<Promise<Result>>();
  private readonly departure = new Departure();
  private isLeaving = false;
  private isUnderWay = false;

  /**
   * @param together does the work of at least two members in one transaction, and returns the result of each in their order
   *   when it is committed. It must not wait for long for what others hold, and be safe to repeat
   */
  constructor(private readonly together: (members: readonly Member[]) => Promise<readonly Result[]>) {}

  /**
   * Commits `member`, with others if they wait at the same time.
   *
   * @param isLate whether nobody waits for it any more; if so when its transaction would begin, it is left out
   * @param alone its transaction if it is the only one, in the asynchronous context of the caller
   * @throws Error of `alone`, or of a shared transaction whose connection failed: it may have been committed
   */
  commit(member: Member, isLate: () => boolean, alone: () => Promise<Result>): Promise<Result> {
    const done = this.turnOf(member, isLate, alone).finally(() => this.unsettled.delete(done));
    this.unsettled.add(done);
    return done;
  }

  /** Resolves when what has been asked for so far has ended, however it did. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.unsettled);
  }

  private async turnOf(member: Member, isLate: () => boolean, alone: () => Promise<Result>): Promise<Result> {
    const verdict = await new Promise<Verdict<Result>>((resolve, reject) => {
      this.departure.asked();
      this.waiting.push({ member, isLate, resolve, reject });
      this.leaveSoon();
    });
    if ('result' in verdict) return verdict.result;
    try {
      return await alone();
    } finally {
      verdict.whenAlone();
    }
  }

  private leaveSoon(): void {
    if (this.isLeaving || this.isUnderWay || this.waiting.length === 0) return;
    this.isLeaving = true;
    this.outside(() => this.departure.next(() => void this.leave()));
  }

  /** Those who have waited longest leave first. */
  private async leave(): Promise<void> {
    this.isLeaving = false;
    this.isUnderWay = true;
    const lead: Lead = { isOver: false };
    const done = (): void => {
      if (lead.isOver) return;
      lead.isOver = true;
      this.isUnderWay = false;
      this.leaveSoon();
    };
    const timer = setTimeout(done, SLOW_MS).unref();
    const members = inTime(this.waiting.splice(0, MEMBERS_MAX));
    if (members.length === 1) await new Promise<void>((whenAlone) => members[0]!.resolve({ whenAlone }));
    else await this.send(members, lead);
    clearTimeout(timer);
    done();
  }

  private async send(members: ReadonlyArray<Waiting<Member, Result>>, lead: Readonly<Lead>): Promise<void> {
    if (members.length <= 1 || lead.isOver) {
      for (const { resolve } of members) resolve({ whenAlone: () => {} });
      return;
    }
    try {
      const results = await this.together(members.map(({ member }) => member));
      for (const [i, { resolve }] of members.entries()) resolve({ result: results[i]! });
    } catch (error) {
      const isOfConnection = isDriverError(error, 'transient') && !isDriverError(error, 'contended');
      if (isOfConnection) for (const { reject } of members) reject(error);
      else await this.sendByHalves(members, lead);
    }
  }

  private async sendByHalves(members: ReadonlyArray<Waiting<Member, Result>>, lead: Readonly<Lead>): Promise<void> {
    const middle = Math.ceil(members.length / 2);
    for (const half of [members.slice(0, middle), members.slice(middle)]) await this.send(inTime(half), lead);
  }
}

function inTime<Member, Result>(members: ReadonlyArray<Waiting<Member, Result>>): Array<Waiting<Member, Result>> {
  return members.filter(({ isLate, reject }) => {
    if (!isLate()) return true;
    reject(new Error('the deadline passed before the transaction began'));
    return false;
  });
}
