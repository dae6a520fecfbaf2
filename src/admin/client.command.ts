import { Inject } from '@nestjs/common';
import { Cli } from './cli.js';
import { CliCommand, type CommonOptions } from './cli.command.js';
import { ClientAdministration } from './client-administration.js';
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
}
