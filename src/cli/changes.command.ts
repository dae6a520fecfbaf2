import { Inject } from '@nestjs/common';
import { Command, SubCommand } from 'nest-commander';
import { type Answer, CliCommand } from './cli.command.js';
import { ChangeRecords } from './change-records.js';
import { changeFacts, changeJson, changeTable } from './change-text.js';
import { Cli } from './cli.js';
import { GroupCommand } from './group.command.js';
import { HostApp } from './host-app.js';
import { ListCommand, type ListOptions } from './list.command.js';

@SubCommand({ name: 'list', description: 'show what operators changed, newest first' })
class ListChangesCommand extends ListCommand {
  protected override readonly examples = ['changes list --since 7d', 'changes list --actor cli:carol --json'];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(ChangeRecords) private readonly records: ChangeRecords,
  ) {
    super(host, cli);
  }

  protected async answer(_args: string[], options: ListOptions): Promise<Answer> {
    const changes = await this.shown(options, (limit) => this.records.latest({ ...options, limit }));
    return { json: changes.map(changeJson), text: changeTable(changes, this.cli.columns) };
  }
}

@SubCommand({
  name: 'show',
  arguments: '<record>',
  argsDescription: { record: 'id of the record, or its first characters' },
  description: 'show one change in full',
})
class ShowChangeCommand extends CliCommand {
  protected override readonly examples = ['changes show 1f0c2d3e'];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(ChangeRecords) private readonly records: ChangeRecords,
  ) {
    super(host, cli);
  }

  protected async answer([id = '']: string[]): Promise<Answer> {
    const change = await this.records.byId(id);
    return { json: changeJson(change), text: changeFacts(change) };
  }
}

@Command({
  name: 'changes',
  description: 'records of what operators changed',
  subCommands: [ListChangesCommand, ShowChangeCommand],
})
export class ChangesCommand extends GroupCommand {
  protected readonly examples = ['changes list --since 7d', 'changes show 1f0c2d3e'];
}
