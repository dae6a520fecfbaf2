import { CommandRunner } from 'nest-commander';
import { CommandFailure } from './failure.js';

/** A command that only has commands below it. */
export abstract class GroupCommand extends CommandRunner {
  override setCommand(command: Parameters<CommandRunner['setCommand']>[0]): this {
    return super.setCommand(command.allowExcessArguments().exitOverride());
  }

  run([unknown]: string[]): Promise<void> {
    const name = this.command.name();
    const known = this.command.commands.map((each) => each.name()).join(', ');
    const problem = unknown === undefined ? `${name} needs a command` : `unknown command '${name} ${unknown}'`;
    throw new CommandFailure('usage', `${problem}; known: ${known}`);
  }
}
