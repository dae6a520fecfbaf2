import { CommandRunner } from 'nest-commander';

/** A command that refuses arguments too many, and leaves the exit code to `runCli`: subcommands inherit neither. */
export abstract class StrictCommand extends CommandRunner {
  override setCommand(command: Parameters<CommandRunner['setCommand']>[0]): this {
    return super.setCommand(command.allowExcessArguments(false).exitOverride());
  }
}
