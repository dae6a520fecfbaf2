import { Option } from 'nest-commander';
import { CliCommand, type CommonOptions } from './cli.command.js';
import { LIMIT_MAX, parseCount, parseTime } from './option-values.js';
import { isoTime } from './terminal-text.js';

/** Number of records that are shown without --limit and --since. */
const LIMIT = 20;

/** Selects the records to show. */
export interface ListOptions extends CommonOptions {
  limit?: number;
  since?: number;
  until?: number;
  actor?: string;
}

/** Lists records, newest first; with --since, as many as one list can show. */
export abstract class ListCommand<Options extends ListOptions = ListOptions> extends CliCommand<Options> {
  /** Returns the records to show, and says on standard error if there are more. @param read reads the newest records */
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
    description: `maximum number of records to show; default ${LIMIT}, or ${LIMIT_MAX} with --since`,
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
