import { Command, SubCommand } from 'nest-commander';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { DatabaseDeadline, onPrimary } from 'nestjs-global-revocation';
import { Change } from 'nestjs-global-revocation/administration';
import type { Answer } from './cli.command.js';
import { GroupCommand } from './group.command.js';
import { ListCommand, type ListOptions } from './list.command.js';
import { conditionsOf } from './record-conditions.js';
import { columns, isoTime } from './terminal-text.js';

const changeJson = ({ createdAt, ...rest }: Change) => ({ ...rest, createdAt: isoTime(createdAt) });

@SubCommand({ name: 'list', description: 'show who changed feature flags and clients, the latest first' })
export class ListChangesCommand extends ListCommand {
  protected override readonly examples = ['changes list --since 7d', 'changes list --actor cli:carol --json'];

  protected async answer(_args: string[], options: ListOptions): Promise<Answer> {
    const dataSource = await this.host.get<DataSource>(getDataSourceToken() as string);
    const deadline = await this.host.get(DatabaseDeadline);
    const where = conditionsOf(dataSource, options);
    const order = { createdAt: 'DESC', id: 'DESC' } as const;
    const changes = await this.shown(options, (take) =>
      deadline.run(() => onPrimary(dataSource, (manager) => manager.find(Change, { where, order, take }))),
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
}

@Command({ name: 'changes', description: 'the records of what operators changed', subCommands: [ListChangesCommand] })
export class ChangesCommand extends GroupCommand {
  protected readonly examples = ['changes list --since 7d'];
}
