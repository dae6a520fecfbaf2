import { Module, type ModuleMetadata } from '@nestjs/common';
import { CommandFactory } from 'nest-commander';
import { FlagsCommand, DisableFlagCommand, EnableFlagCommand, ListFlagsCommand } from './flags.command.js';

@Module({ providers: [FlagsCommand, ListFlagsCommand, EnableFlagCommand, DisableFlagCommand] })
class CliModule {}

/**
 * Runs one command of the terminal client and ends the process with its exit code: 0 done, 1 failed, 2 wrong usage.
 *
 * @param imports modules with the database and a global `GlobalRevocationModule`
 * @throws Error when they cannot be set up, e.g. because there is no database
 */
export async function runCli(imports: ModuleMetadata['imports'] & {}): Promise<void> {
  const fail = (error: Error & { exitCode?: number; code?: string }): never => {
    const isUsage = error.code?.startsWith('commander.') ?? false;
    if (!isUsage) console.error(error.message);
    process.exit(isUsage && error.exitCode !== 0 ? 2 : (error.exitCode ?? 1));
  };
  await CommandFactory.run(
    { module: CliModule, imports },
    {
      cliName: 'global-revocation',
      logger: ['fatal'],
      abortOnError: false,
      errorHandler: fail,
      serviceErrorHandler: fail,
    },
  );
}
