import { styleText } from 'node:util';
import type { Outcome, Result } from './run.js';

const SIGNS = { passed: '✓', failed: '✗', warning: '!', 'not tested': '–' } as const satisfies Record<Outcome, string>;
const COLOURS = { passed: 'green', failed: 'red', warning: 'yellow', 'not tested': 'dim' } as const;

/** Lines of the terminal report as they come. */
export class TerminalReport {
  private group = '';
  private detail = '';

  /** @param colours whether the terminal shows them */
  constructor(private readonly colours: boolean) {}

  /** One result; the title of its group before the first. What was just said is not said again. */
  lines({ group, clause, outcome, detail }: Result): string {
    const isNew = group !== this.group;
    const heading = isNew ? `\n${this.paint('bold', group)}\n` : '';
    const isSaid = detail === '' || (!isNew && detail === this.detail);
    Object.assign(this, { group, detail });
    const sign = this.paint(COLOURS[outcome], SIGNS[outcome]);
    const source = this.paint('dim', `(${clause.source})`);
    const more = isSaid ? '' : `\n         ${this.paint(COLOURS[outcome], `${outcome}: ${detail}`)}`;
    return `${heading}  ${sign} ${String(clause.number).padStart(2)}  ${clause.title} ${source}${more}`;
  }

  /** The last lines: how many of each. */
  summary(results: readonly Result[]): string {
    const counts = countOf(results);
    const parts = Object.entries(counts).map(([outcome, count]) =>
      this.paint(COLOURS[outcome as Outcome], `${count} ${outcome}`),
    );
    return `\n${parts.join(', ')}`;
  }

  private paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }
}

/** How many results there are of each outcome. */
export function countOf(results: readonly Result[]): Record<Outcome, number> {
  const counts = { passed: 0, failed: 0, warning: 0, 'not tested': 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}
