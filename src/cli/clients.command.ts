import { Command, SubCommand } from 'nest-commander';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from 'nestjs-global-revocation';
import { AddClientCommand } from './add-client.command.js';
import { type Answer } from './cli.command.js';
import { ClientCommand } from './client.command.js';
import { clientJson, clientTable } from './client-text.js';
import { GroupCommand } from './group.command.js';
import { RotateSecretCommand } from './rotate-secret.command.js';

@SubCommand({ name: 'list', description: 'show every client, and whether it may call the endpoint' })
class ListClientsCommand extends ClientCommand {
  protected override readonly examples = ['clients list', 'clients list --json'];

  protected async answer(): Promise<Answer> {
    const clients = await this.clients.list();
    const { identityProviders } = await this.host.get<ResolvedOptions>(GLOBAL_REVOCATION_OPTIONS);
    return { json: clients.map(clientJson), text: clientTable(clients, identityProviders) };
  }
}

const argument = { arguments: '<id>', argsDescription: { id: 'client id' } };

@SubCommand({ name: 'disable', ...argument, description: 'reject every further request of a client, on every node' })
class DisableClientCommand extends ClientCommand {
  protected override readonly examples = ['clients disable siem'];

  protected async answer([id = '']: string[]): Promise<Answer> {
    const client = await this.clients.enable(id, false);
    return { json: clientJson(client), text: `${id} is disabled: every node rejects its next request` };
  }
}

@SubCommand({ name: 'enable', ...argument, description: 'enable a disabled client again' })
class EnableClientCommand extends ClientCommand {
  protected override readonly examples = ['clients enable siem'];

  protected async answer([id = '']: string[]): Promise<Answer> {
    const client = await this.clients.enable(id, true);
    return { json: clientJson(client), text: `${id} is enabled` };
  }
}

@SubCommand({ name: 'remove', ...argument, description: 'delete a client; to keep it for later, disable it instead' })
class RemoveClientCommand extends ClientCommand {
  protected override readonly examples = ['clients remove siem'];

  protected async answer([id = '']: string[]): Promise<Answer> {
    await this.clients.remove(id);
    return { json: { clientId: id, removed: true }, text: `${id} is removed` };
  }
}

@Command({
  name: 'clients',
  description: 'register and manage clients',
  subCommands: [
    ListClientsCommand,
    AddClientCommand,
    RotateSecretCommand,
    DisableClientCommand,
    EnableClientCommand,
    RemoveClientCommand,
  ],
})
export class ClientsCommand extends GroupCommand {
  protected readonly examples = [
    'clients list',
    'clients add siem --scope global_token_revocation',
    'clients disable siem',
  ];
}
