import { Injectable } from '@nestjs/common';

const OUTCOMES = ['delivered', 'superseded', 'held', 'failed', 'dead'] as const;

/** How an attempt ended: `failed` is repeated, `dead` is not. */
type AttemptOutcome = (typeof OUTCOMES)[number];

/** Counts the attempts of this process to tell recipients, by sink and outcome. */
@Injectable()
export class AttemptCounts {
  private readonly counts = new Map<string, Map<AttemptOutcome, number>>();

  add(sink: string, outcome: AttemptOutcome): void {
    const own = this.counts.get(sink) ?? new Map<AttemptOutcome, number>(OUTCOMES.map((each) => [each, 0]));
    own.set(outcome, own.get(outcome)! + 1);
    this.counts.set(sink, own);
  }

  get all(): Array<{ sink: string; outcome: AttemptOutcome; count: number }> {
    return [...this.counts].flatMap(([sink, own]) => [...own].map(([outcome, count]) => ({ sink, outcome, count })));
  }
}
