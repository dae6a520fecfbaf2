import { Inject } from '@nestjs/common';
import { CommandRunner, Option } from 'nest-commander';
import { Cli } from './cli.js';
import type { FailureKind } from './exit-codes.js';
import { HostApp } from './host-app.js';
import { jsonLine } from './terminal-text.js';

/** The answer of a command. */
export interface Answer {
  /** Printed with `--json`: one document with a stable shape. */
  json: unknown;
  /** Printed without `--json`. */
  text: string;
  /** Why the command failed although it has an answer. */
  failure?: FailureKind;
}

/** Options of every command. */
export interface CommonOptions {
  json?: boolean;
}

/** Returns the examples at the end of a help text. @param name name of the command line */
export const examplesText = (name: string, examples: readonly string[]): string =>
  `\nExamples:\n${examples.map((example) => `  ${name} ${example}`).join('\n')}`;

/** A command: rejects extra arguments, answers in text or JSON, and shows examples in its help. */
export abstract class CliCommand<Options extends CommonOptions = CommonOptions> extends CommandRunner {
  /** Examples for the help, without the name of the command line. */
  protected readonly examples: readonly string[] = [];

  constructor(
    @Inject(HostApp) protected readonly host: HostApp,
    @Inject(Cli) protected readonly cli: Cli,
  ) {
    super();
  }

  /**
   * Runs the command and returns its answer; undefined if it has already printed everything.
   *
   * @throws CommandFailure, RevocationError or ChangeRefusal; the exit code follows
   */
  protected abstract answer(args: string[], options: Options): Promise<Answer | undefined>;

  override setCommand(command: Parameters<CommandRunner['setCommand']>[0]): this {
    if (this.examples.length > 0) command.addHelpText('after', examplesText(this.cli.name, this.examples));
    command.configureHelp({ showGlobalOptions: true });
    return super.setCommand(command.allowExcessArguments(false).exitOverride());
  }

  async run(args: string[]): Promise<void> {
    const options = this.command.opts<Options>();
    const answer = await this.answer(args, options);
    if (!answer) return;
    this.cli.out(`${options.json ? jsonLine(answer.json) : answer.text}\n`);
    this.cli.failure = answer.failure;
  }

  @Option({ flags: '--json', description: 'answer in JSON' })
  protected parseJson(): boolean {
    return true;
  }
}
