import { Inject } from '@nestjs/common';
import { Cli } from './cli.js';
import { CliCommand, type CommonOptions } from './cli.command.js';
import { ClientAdministration } from './client-administration.js';
import { CommandFailure } from './failure.js';
import { HostApp } from './host-app.js';

/** A command about clients. */
export abstract class ClientCommand<Options extends CommonOptions = CommonOptions> extends CliCommand<Options> {
  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(ClientAdministration) protected readonly clients: ClientAdministration,
  ) {
    super(host, cli);
  }
  /** Call before a secret is created. @throws CommandFailure if nobody would see it */
  protected refuseUnheard(): void {
    if (!this.cli.isUnheard) return;
    throw new CommandFailure(
      'usage',
      'standard output is closed or /dev/null, so the secret would be lost: send it to a terminal or a file',
    );
  }
}
