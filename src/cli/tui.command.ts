import { Inject } from '@nestjs/common';
import { Command } from 'nest-commander';
import {
  DatabaseDeadline,
  FeatureFlags,
  GLOBAL_REVOCATION_OPTIONS,
  type ResolvedOptions,
} from 'nestjs-global-revocation';
import { Deliveries } from 'nestjs-global-revocation/administration';
import { OperatorStreams } from 'nestjs-global-revocation/shared-signals';
import { Cli } from './cli.js';
import { CliCommand } from './cli.command.js';
import { ClientAdministration } from './client-administration.js';
import { Doctor } from './doctor.js';
import { asFailure, CommandFailure } from './failure.js';
import { HostApp } from './host-app.js';
import { RevocationRecords } from './revocation-records.js';
import { UserAdministration } from './user-administration.js';
import { UserNames } from './user-names.js';

@Command({
  name: 'tui',
  description: 'open the terminal interface: revocations as they happen, callers, flags, health, deliveries, streams',
})
export class TuiCommand extends CliCommand {
  protected override readonly examples = ['tui', 'tui   # without colour: NO_COLOR=1 in the environment'];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(ClientAdministration) private readonly clients: ClientAdministration,
    @Inject(RevocationRecords) private readonly records: RevocationRecords,
    @Inject(UserAdministration) private readonly users: UserAdministration,
    @Inject(UserNames) private readonly names: UserNames,
    @Inject(Doctor) private readonly doctor: Doctor,
  ) {
    super(host, cli);
  }

  protected async answer(): Promise<undefined> {
    const runTui = await loadTui();
    if (!process.stdin.isTTY || !process.stdout.isTTY) {
      throw new CommandFailure(
        'usage',
        `tui needs a terminal; in scripts, use ${this.cli.name} revocations list --json …`,
      );
    }
    const flags = await this.host.get(FeatureFlags);
    const { issuer } = await this.host.get<ResolvedOptions>(GLOBAL_REVOCATION_OPTIONS);
    const { clients, records, users, names, doctor, cli } = this;
    const wordsFor = (error: unknown): string => asFailure(error, cli.name).message;
    const { operator } = cli;
    const [deadline, all] = [await this.host.get(DatabaseDeadline), await this.host.get(Deliveries)];
    const deliveries: Deliveries['latest'] = (filter) => deadline.run(() => all.latest(filter));
    const streams = await this.host.find(OperatorStreams);
    const services = { flags, clients, records, users, names, doctor, deliveries, streams, operator, issuer, wordsFor };
    await runTui(services, cli.stop);
  }
}

/** Loads React and Ink in production mode; in development mode, React's measurements would fill the memory. */
async function loadTui(): Promise<(typeof import('./tui/run-tui.js'))['runTui']> {
  const { NODE_ENV, NO_COLOR } = process.env;
  if (NO_COLOR) process.env['FORCE_COLOR'] = '0'; // the only variable that the colour library reads
  process.env['NODE_ENV'] = 'production';
  try {
    return (await import('./tui/run-tui.js')).runTui;
  } finally {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  }
}
