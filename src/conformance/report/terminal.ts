import { styleText } from 'node:util';
import type { Result } from '../run.js';
import { countTexts, SIGNS } from './report.js';

const COLOURS = { passed: 'green', failed: 'red', warning: 'yellow', 'not tested': 'dim' } as const;
/** Width of the column with ids; longer ids are rare. */
const ID_WIDTH = 19;

/** Writes the results as they come. */
export class TerminalReport {
  private group = '';
  private detail = '';

  /** @param colours whether the terminal shows colours */
  constructor(private readonly colours: boolean) {}

  /** Returns the lines of one result. The first of a group has its title; a detail is not repeated on the next line. */
  lines({ group, requirement: { id, text }, outcome, detail }: Result): string {
    const isNew = group !== this.group;
    const heading = isNew ? `\n${this.paint('bold', group)}\n` : '';
    const isRepeated = detail === '' || (!isNew && detail === this.detail);
    Object.assign(this, { group, detail });
    const sign = this.paint(COLOURS[outcome], SIGNS[outcome]);
    const more = isRepeated ? '' : `\n      ${this.paint(COLOURS[outcome], `${outcome}: ${detail}`)}`;
    return `${heading}  ${sign} ${this.paint('dim', id.padEnd(ID_WIDTH))}  ${text}${more}`;
  }

  /** Returns the last line, which counts the outcomes. */
  summary(results: readonly Result[]): string {
    const parts = countTexts(results).map(([outcome, , text]) => this.paint(COLOURS[outcome], text));
    return `\n${parts.join(', ')}`;
  }

  private paint(style: Parameters<typeof styleText>[0], text: string): string {
    return this.colours ? styleText(style, text, { validateStream: false }) : text;
  }
}
