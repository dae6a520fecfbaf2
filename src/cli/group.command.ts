import { Inject } from '@nestjs/common';
import { CommandRunner } from 'nest-commander';
import { Cli } from './cli.js';
import { examplesText } from './cli.command.js';
import { CommandFailure } from './failure.js';

/** A command that consists of subcommands only. */
export abstract class GroupCommand extends CommandRunner {
  /** Examples for the help, without the name of the command line. */
  protected abstract readonly examples: readonly string[];

  constructor(@Inject(Cli) private readonly cli: Cli) {
    super();
  }

  override setCommand(command: Parameters<CommandRunner['setCommand']>[0]): this {
    command.addHelpText('after', examplesText(this.cli.name, this.examples));
    return super.setCommand(command.allowExcessArguments().exitOverride());
  }

  run([unknown]: string[]): Promise<void> {
    const name = this.command.name();
    const known = this.command.commands.map((each) => each.name()).join(', ');
    const problem = unknown === undefined ? `${name} needs a command` : `unknown command '${name} ${unknown}'`;
    throw new CommandFailure('usage', `${problem}; known: ${known}`);
  }
}
