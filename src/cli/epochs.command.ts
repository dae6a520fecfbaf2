import { Command, Option, SubCommand } from 'nest-commander';
import { DatabaseDeadline, SubjectEpochs } from 'nestjs-global-revocation';
import { OperatorChanges, Outbox } from 'nestjs-global-revocation/administration';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { CommandFailure } from './failure.js';
import { GroupCommand } from './group.command.js';
import { count } from './terminal-text.js';

interface RaiseAllOptions extends CommonOptions {
  yes?: boolean;
}

/** Time limit of the statement that updates all users, in milliseconds. */
const PATIENCE_MS = 3_600_000;

@SubCommand({
  name: 'raise-all',
  description: 'end every token and session of every user, after restoring a backup that lacks later revocations',
})
class RaiseAllEpochsCommand extends CliCommand<RaiseAllOptions> {
  protected override readonly examples = ['epochs raise-all --yes   # before the servers start again'];

  protected async answer(_args: string[], { yes }: RaiseAllOptions): Promise<Answer> {
    if (!yes) throw new CommandFailure('usage', 'this signs everybody out, everywhere: add --yes');
    const epochs = await this.host.get(SubjectEpochs);
    const outbox = await this.host.get(Outbox);
    const changes = await this.host.get(OperatorChanges);
    const intention = { actor: this.cli.operator, action: 'epochs.raise_all', target: 'everybody' };
    let users = 0;
    const raise = async (manager: Parameters<SubjectEpochs['raiseAll']>[0]) => {
      users = await epochs.raiseAll(manager);
      await outbox.writeEverybody(manager);
      return { before: '', after: `raised for ${count(users, 'user')}` };
    };
    await changes.make(intention, raise, new DatabaseDeadline(PATIENCE_MS), epochs.isolationToRaiseAll);
    const text = `Raised the epochs of ${count(users, 'user')}: all their tokens and sessions have ended, and they have to sign in again.`;
    return { json: { users }, text };
  }

  @Option({ flags: '--yes', description: 'confirm that every user will be signed out' })
  protected parseYes(): boolean {
    return true;
  }
}

@Command({
  name: 'epochs',
  description: 'the numbers that decide which credentials are still valid',
  subCommands: [RaiseAllEpochsCommand],
})
export class EpochsCommand extends GroupCommand {
  protected readonly examples = ['epochs raise-all --yes'];
}
