import { Inject } from '@nestjs/common';
import { Command } from 'nest-commander';
import { FeatureFlags } from '../module/feature-flags/feature-flags.service.js';
import {
  GLOBAL_REVOCATION_OPTIONS,
  type GlobalRevocationOptions,
} from '../module/options/global-revocation.options.js';
import { Cli } from './cli.js';
import { CliCommand } from './cli.command.js';
import { ClientAdministration } from './client-administration.js';
import { Doctor } from './doctor.js';
import { asFailure, CommandFailure } from './failure.js';
import { HostApp } from './host-app.js';
import { RevocationRecords } from './revocation-records.js';
import { UserAdministration } from './user-administration.js';

@Command({ name: 'tui', description: 'the same on a full screen: revocations as they happen, callers, flags, health' })
export class TuiCommand extends CliCommand {
  protected override readonly examples = ['tui', 'tui   # without colour: NO_COLOR=1 in the environment'];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(ClientAdministration) private readonly clients: ClientAdministration,
    @Inject(RevocationRecords) private readonly records: RevocationRecords,
    @Inject(UserAdministration) private readonly users: UserAdministration,
    @Inject(Doctor) private readonly doctor: Doctor,
  ) {
    super(host, cli);
  }

  protected async answer(): Promise<undefined> {
    const runTui = await loadTui();
    if (!process.stdin.isTTY || !process.stdout.isTTY) {
      throw new CommandFailure(
        'usage',
        `tui needs a terminal; for programs: ${this.cli.name} revocations list --json …`,
      );
    }
    const flags = await this.host.get(FeatureFlags);
    const { issuer } = await this.host.get<GlobalRevocationOptions>(GLOBAL_REVOCATION_OPTIONS);
    const { clients, records, users, doctor, cli } = this;
    const wordsFor = (error: unknown): string => asFailure(error, cli.name).message;
    const { operator } = cli;
    await runTui({ flags, clients, records, users, doctor, operator, issuer, wordsFor }, cli.stop);
  }
}

/** @throws CommandFailure when a package is missing that only this needs */
async function loadTui(): Promise<(typeof import('./tui/run-tui.js'))['runTui']> {
  const { NODE_ENV, NO_COLOR } = process.env;
  if (NO_COLOR) process.env['FORCE_COLOR'] = '0'; // what colours the text knows only this one
  process.env['NODE_ENV'] = 'production'; // else React keeps a measurement of every change, for ever
  try {
    return (await import('./tui/run-tui.js')).runTui;
  } catch (cause) {
    const isMissing =
      cause instanceof Error && /Cannot find (package|module) '(@inkjs\/ui|ink|react)\b/.test(cause.message);
    if (!isMissing) throw cause;
    throw new CommandFailure('failed', 'tui needs more packages: npm install ink@6 @inkjs/ui@2 react@19', { cause });
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
}
