import { createRequire } from 'node:module';
import { type DynamicModule, Inject, Injectable } from '@nestjs/common';
import { CommandFactory, type CommandRunner, CommandRunnerService, InjectCommander } from 'nest-commander';
import { APP_VARIABLE } from './app-option.js';
import { examplesText } from './cli.command.js';
import { BulkRevocation } from './bulk/bulk-revocation.js';
import { BulkRun } from './bulk/bulk-run.js';
import { ChangeRecords } from './change-records.js';
import { Cli, PUBLISHED_NAME } from './cli.js';
import { ClientAdministration } from './client-administration.js';
import { commands } from './commands.js';
import { Doctor } from './doctor.js';
import { EXIT_CODES } from './exit-codes.js';
import { asFailure } from './failure.js';
import { HostApp, LOAD_HOST_MODULES, type LoadHostModules } from './host-app.js';
import { parseOperator } from './operator.js';
import { RevocationRecords } from './revocation-records.js';
import { jsonLine, printableLines } from './terminal-text.js';
import { UserAdministration } from './user-administration.js';
import { UserNames } from './user-names.js';

const { done, failed, usage, refused, unavailable, not_found: notFound, interrupted } = EXIT_CODES;

const HELP = `
Every command prints JSON with --json, and examples with --help.

Exit codes: ${done} done, ${failed} failed, ${usage} wrong usage, ${notFound} not found, ${refused} not possible at the moment,
${unavailable} the database does not answer (trying again is safe), ${interrupted} interrupted.`;

const APP_HELP = `
--app FILE names the compiled module of your application, e.g. ./dist/app.module.js, or ./dist/main.js#OpModule for
an export other than AppModule. It may be anywhere in the command; the environment variable ${APP_VARIABLE} does the same.`;

const EXAMPLES = ['revoke --format uid --id alice --dry-run', 'revocations list --since 24h', 'doctor'];

/** The root command. */
@Injectable()
class Root {
  constructor(
    @InjectCommander() private readonly root: Parameters<CommandRunner['setCommand']>[0],
    @Inject(Cli) cli: Cli,
  ) {
    root.option('--as <name>', 'name for the audit record instead of your account on this machine', (name: string) => {
      cli.as = parseOperator(name);
    });
    root.name(cli.name).addHelpText('after', `${examplesText(cli.name, EXAMPLES)}\n${HELP}`);
    if (cli.name === PUBLISHED_NAME) root.addHelpText('after', APP_HELP);
  }

  /** Returns the command names at the beginning of the arguments, for the hint to their help. */
  path(args: readonly string[]): string[] {
    const path: string[] = [];
    let { commands: known } = this.root;
    for (const arg of args) {
      const next = known.find((each) => each.name() === arg);
      if (!next) break;
      path.push(arg);
      known = next.commands;
    }
    return path;
  }
}

class CliModule {
  static with(cli: Cli, load: LoadHostModules): DynamicModule {
    const values = [
      { provide: Cli, useValue: cli },
      { provide: LOAD_HOST_MODULES, useValue: load },
    ];
    return {
      module: CliModule,
      providers: [
        ...values,
        HostApp,
        RevocationRecords,
        ChangeRecords,
        ClientAdministration,
        UserAdministration,
        BulkRevocation,
        BulkRun,
        UserNames,
        Doctor,
        Root,
        ...commands,
      ],
    };
  }
}

/**
 * Runs one command. The application is started, without listening, only if the command needs it. Help texts and usage
 * errors need no database.
 *
 * @param args `process.argv` without the first two
 * @param load loads the modules of the application
 * @returns exit code
 */
export async function execute(args: readonly string[], cli: Cli, load: LoadHostModules): Promise<number> {
  const report = (error: Error): void => reportTo(cli, error, args, app.get(Root).path(args));
  const app = await CommandFactory.createWithoutRunning(CliModule.with(cli, load), {
    cliName: cli.name,
    version: version(),
    logger: false,
    abortOnError: false,
    errorHandler: (error) => {
      throw error;
    },
    serviceErrorHandler: report,
    // Errors are reported once, above.
    outputConfiguration: { writeOut: cli.out, writeErr: cli.err, outputError: () => {} },
  });
  await app.get(CommandRunnerService).run(['', '', ...args]);
  await app.get(HostApp, { strict: false }).close().catch(report);
  await app.close();
  return EXIT_CODES[cli.failure ?? 'done'];
}

/** Reports an error on standard error. @param path names of the command */
function reportTo(
  cli: Cli,
  error: Error & { code?: string; exitCode?: number },
  args: readonly string[],
  path: readonly string[],
): void {
  const isCommanders = error.code?.startsWith('commander.') ?? false;
  if (isCommanders && error.exitCode === 0) return; // help or version: already printed
  const { kind, message } = isCommanders
    ? { kind: 'usage' as const, message: error.message.replace(/^error: /, '') }
    : asFailure(error, cli.name);
  cli.failure = kind;
  if (error.code === 'commander.help') {
    const [help, asked] = args; // the help itself is already printed
    if (help === 'help' && asked !== undefined) cli.err(`error: unknown command '${printableLines(asked)}'\n`);
    return;
  }
  const hint = kind === 'usage' ? `\n(${[cli.name, ...path].join(' ')} --help shows the correct usage)` : '';
  const text = `error: ${printableLines(message)}${hint}`;
  cli.err(`${args.includes('--json') ? jsonLine({ error: kind, message }) : text}\n`);
}

function version(): string {
  const manifest = createRequire(import.meta.url)('nestjs-global-revocation-cli/package.json') as { version: string };
  return manifest.version;
}
