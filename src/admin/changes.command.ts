import { Command, Option, SubCommand } from 'nest-commander';
import { getDataSourceToken } from '@nestjs/typeorm';
import { type DataSource, MoreThanOrEqual } from 'typeorm';
import { Change } from '../audit/change.entity.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { onPrimary } from '../database/primary.js';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { GroupCommand } from './group.command.js';
import { columns, isoTime } from './terminal-text.js';
import { LIMIT_MAX, parseCount, parseTime } from './option-values.js';

interface ListOptions extends CommonOptions {
  limit: number;
  since?: number;
}

const changeJson = ({ createdAt, ...rest }: Change) => ({ ...rest, createdAt: isoTime(createdAt) });

@SubCommand({ name: 'list', description: 'show who changed feature flags and clients, the latest first' })
export class ListChangesCommand extends CliCommand<ListOptions> {
  protected override readonly examples = ['changes list --since 7d', 'changes list --json'];

  protected async answer(_args: string[], { limit, since = 0 }: ListOptions): Promise<Answer> {
    const dataSource = await this.host.get<DataSource>(getDataSourceToken() as string);
    const deadline = await this.host.get(DatabaseDeadline);
    const where = { createdAt: MoreThanOrEqual(since) };
    const order = { createdAt: 'DESC', id: 'DESC' } as const;
    const changes = await deadline.run(() =>
      onPrimary(dataSource, (manager) => manager.find(Change, { where, order, take: limit })),
    );
    const rows = changes.map((change) => [
      isoTime(change.createdAt),
      change.actor,
      change.action,
      change.target,
      `${change.before || '(nothing)'} → ${change.after || '(nothing)'}`,
    ]);
    const text = rows.length === 0 ? 'no changes' : columns(['TIME', 'BY', 'CHANGE', 'OF', 'BEFORE → SINCE'], rows);
    return { json: changes.map(changeJson), text };
  }

  @Option({ flags: '--limit <number>', description: 'how many at most', defaultValue: 20 })
  protected parseLimit(text: string): number {
    return parseCount(text, LIMIT_MAX);
  }

  @Option({ flags: '--since <time>', description: 'only from then on: 15m, 2h, 7d (ago), or 2026-11-22T08:30:00Z' })
  protected parseSince(text: string): number {
    return parseTime(text);
  }
}

@Command({ name: 'changes', description: 'the records of what operators changed', subCommands: [ListChangesCommand] })
export class ChangesCommand extends GroupCommand {}
