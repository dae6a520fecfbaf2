import { Option, SubCommand } from 'nest-commander';
import { DatabaseDeadline, Sweeper } from 'nestjs-global-revocation';
import { OperatorChanges } from 'nestjs-global-revocation/administration';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { CommandFailure } from './failure.js';
import { count } from './terminal-text.js';

interface CloseOptions extends CommonOptions {
  yes?: boolean;
}

/** Time limit for reading every incomplete record, in milliseconds. */
const PATIENCE_MS = 3_600_000;

@SubCommand({
  name: 'close',
  arguments: '<table>',
  argsDescription: { table: 'name of the table, as `doctor` and the log show it' },
  description: 'complete revocations that wait for a table that is no longer a target',
})
export class CloseRevocationsCommand extends CliCommand<CloseOptions> {
  protected override readonly examples = ['revocations close old_session --yes'];

  protected async answer([table = '']: string[], { yes }: CloseOptions): Promise<Answer> {
    if (!yes) throw new CommandFailure('usage', `the remaining rows of ${table} stay live: add --yes`);
    const sweeper = await this.host.get(Sweeper);
    const changes = await this.host.get(OperatorChanges);
    let records = 0;
    const intention = { actor: this.cli.operator, action: 'revocations.close', target: table };
    await changes.make(
      intention,
      async (manager) => {
        records = await sweeper.close(manager, table);
        return { before: '', after: `closed ${count(records, 'revocation')}` };
      },
      new DatabaseDeadline(PATIENCE_MS),
    );
    return { json: { table, records }, text: `Closed ${count(records, 'revocation')} that waited for ${table}.` };
  }

  @Option({ flags: '--yes', description: 'confirm that the remaining rows of this table stay live' })
  protected parseYes(): boolean {
    return true;
  }
}
