import { Option } from 'nest-commander';
import { CliCommand, type CommonOptions } from './cli.command.js';
import { LIMIT_MAX, parseCount, parseTime } from './option-values.js';
import { isoTime } from './terminal-text.js';

/** How many are shown when nobody says which, or how many. */
const LIMIT = 20;

/** Which records are shown. */
export interface ListOptions extends CommonOptions {
  limit?: number;
  since?: number;
  until?: number;
  actor?: string;
}

/** Lists records, the youngest first; of a time that was asked for, all that one list may show. */
export abstract class ListCommand<Options extends ListOptions = ListOptions> extends CliCommand<Options> {
  /** As many as may be shown; says on standard error that there are more. @param read reads the youngest */
  protected async shown<Row extends { createdAt: number }>(
    { limit: asked, since }: ListOptions,
    read: (limit: number) => Promise<Row[]>,
  ): Promise<Row[]> {
    const limit = asked ?? (since === undefined ? LIMIT : LIMIT_MAX);
    const rows = await read(limit + 1);
    const shown = rows.slice(0, limit);
    if (rows.length > limit) {
      const more = limit < LIMIT_MAX ? '--limit N' : `--until ${isoTime(shown.at(-1)!.createdAt)}`;
      this.cli.err(`${limit} shown; there are more: use ${more}\n`);
    }
    return shown;
  }

  @Option({
    flags: '--limit <number>',
    description: `most records to show; default ${LIMIT}, or ${LIMIT_MAX} with --since`,
  })
  protected parseLimit(text: string): number {
    return parseCount(text, LIMIT_MAX);
  }

  @Option({ flags: '--since <time>', description: 'only since this time: 15m, 2h or 7d ago, or 2026-11-22T08:30:00Z' })
  protected parseSince(text: string): number {
    return parseTime(text);
  }

  @Option({ flags: '--until <time>', description: 'only until this time' })
  protected parseUntil(text: string): number {
    return parseTime(text);
  }

  @Option({ flags: '--actor <id>', description: 'only by this actor: a client id, or cli:NAME' })
  protected parseActor(text: string): string {
    return text;
  }
}
