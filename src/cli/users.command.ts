import { Command, SubCommand } from 'nest-commander';
import type { Answer } from './cli.command.js';
import { GroupCommand } from './group.command.js';
import { SubjectCommand, type SubjectOptions } from './subject.command.js';
import { facts, liveInWords } from './terminal-text.js';

@SubCommand({ name: 'find', description: 'find the user that a subject identifier names, as the endpoint does' })
class FindUserCommand extends SubjectCommand {
  protected override readonly examples = [
    'users find --format uid --id alice',
    'users find --format email --email alice@example.com --json',
  ];

  protected async answer(_args: string[], options: SubjectOptions): Promise<Answer> {
    const named = await this.find(options);
    const { subject, matched } = named;
    const live = await this.users.live(subject);
    const text = facts([
      ['account', await this.inWords(named)],
      ['has', liveInWords(live)],
    ]);
    return { json: { subject, matched, live }, text };
  }
}

@Command({ name: 'users', description: 'the users who can be revoked', subCommands: [FindUserCommand] })
export class UsersCommand extends GroupCommand {
  protected readonly examples = ['users find --format uid --id alice'];
}
