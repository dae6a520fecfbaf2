import { Inject } from '@nestjs/common';
import { CommandRunner, Option } from 'nest-commander';
import { Cli } from './cli.js';
import type { FailureKind } from './exit-codes.js';
import { HostApp } from './host-app.js';
import { jsonLine } from './terminal-text.js';

/** What a command has to say. */
export interface Answer {
  /** For programs, with `--json`: one document, whose shape is kept. */
  json: unknown;
  /** For people. */
  text: string;
  /** What keeps it from being a success, although it has an answer. */
  failure?: FailureKind;
}

/** Options every command has. */
export interface CommonOptions {
  json?: boolean;
}

/** What stands below a help. @param name how the command line is called */
export const examplesText = (name: string, examples: readonly string[]): string =>
  `\nExamples:\n${examples.map((example) => `  ${name} ${example}`).join('\n')}`;

/** A command: refuses arguments too many, answers people or programs, and shows examples in its help. */
export abstract class CliCommand<Options extends CommonOptions = CommonOptions> extends CommandRunner {
  /** Lines for the help, without the name of the command line. */
  protected readonly examples: readonly string[] = [];

  constructor(
    @Inject(HostApp) protected readonly host: HostApp,
    @Inject(Cli) protected readonly cli: Cli,
  ) {
    super();
  }

  /**
   * Does it; undefined: it has said all there is to say.
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
