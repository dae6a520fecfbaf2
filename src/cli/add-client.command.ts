import { Inject } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import { GLOBAL_REVOCATION_SCOPE } from 'nestjs-global-revocation';
import type { Answer, CommonOptions } from './cli.command.js';
import { Cli } from './cli.js';
import { ClientAdministration } from './client-administration.js';
import { ClientCommand } from './client.command.js';
import { keysAt, keysInFile, type SigningKeys } from './client-keys.js';
import { clientJson, keysText, secretText } from './client-text.js';
import { CommandFailure, InvalidValue } from './failure.js';
import { HostApp } from './host-app.js';
import { checkClientId, parseNames, parseScope, type RestrictionOptions, restrictionsOf } from './new-client.js';
import { UserAdministration } from './user-administration.js';

interface AddOptions extends CommonOptions, RestrictionOptions {
  scope: string;
  name?: string;
  key?: SigningKeys;
  jwksUri?: SigningKeys;
}

@SubCommand({
  name: 'add',
  arguments: '<id>',
  argsDescription: { id: 'client id: 1 to 255 visible ASCII characters' },
  description: 'register a client with a secret, which is shown once, or with its public keys',
})
export class AddClientCommand extends ClientCommand<AddOptions> {
  protected override readonly examples = [
    `clients add siem --scope ${GLOBAL_REVOCATION_SCOPE} --name 'Security monitoring'`,
    `clients add hr --scope ${GLOBAL_REVOCATION_SCOPE} --formats email --tenant acme`,
    `clients add idp --scope ${GLOBAL_REVOCATION_SCOPE} --key public.pem`,
    `clients add idp --scope ${GLOBAL_REVOCATION_SCOPE} --jwks-uri https://idp.example/keys`,
  ];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(ClientAdministration) clients: ClientAdministration,
    @Inject(UserAdministration) private readonly users: UserAdministration,
  ) {
    super(host, cli, clients);
  }

  protected async answer([clientId = '']: string[], options: AddOptions): Promise<Answer> {
    checkClientId(clientId);
    const { scope, name = clientId, key, jwksUri } = options;
    if (key && jwksUri) throw new CommandFailure('usage', 'give either --key or --jwks-uri, not both');
    await this.users.checkFormats(options.formats ?? []);
    const keys = key ?? jwksUri;
    if (!keys) this.refuseUnheard();
    const { client, secret } = await this.clients.add({
      clientId,
      name,
      scope,
      restrictions: restrictionsOf(options),
      keys,
    });
    const text = secret === undefined ? keysText(client) : secretText(client, secret);
    return { json: { ...clientJson(client), ...(secret !== undefined && { secret }) }, text };
  }

  @Option({
    flags: '--scope <names>',
    description: `scopes it may request; ${GLOBAL_REVOCATION_SCOPE} lets it revoke`,
    required: true,
  })
  protected parseScope(text: string): string {
    return parseScope(text);
  }

  @Option({ flags: '--name <text>', description: 'display name' })
  protected parseName(text: string): string {
    return text;
  }

  @Option({
    flags: '--key <file>',
    description: 'file with its public keys instead of a secret: PEM key or certificate, JWK or JWKS',
  })
  protected parseKey(file: string): SigningKeys {
    return keysInFile(file);
  }

  @Option({ flags: '--jwks-uri <url>', description: 'https URL of its public keys instead of a secret' })
  protected parseJwksUri(text: string): SigningKeys {
    return keysAt(text);
  }

  @Option({ flags: '--formats <names>', description: 'only these identifier formats, separated by commas' })
  protected parseFormats(text: string): string[] {
    return parseNames(text);
  }

  @Option({ flags: '--issuers <urls>', description: 'only these values of iss, separated by commas' })
  protected parseIssuers(text: string): string[] {
    return parseNames(text);
  }

  @Option({ flags: '--tenant <name>', description: 'only users of this tenant' })
  protected parseTenant(text: string): string {
    return parseNames(text)[0]!;
  }

  @Option({ flags: '--unknown-subject <answer>', description: 'answer for an unknown user: not_found or no_content' })
  protected parseUnknownSubject(text: string): string {
    if (text !== 'not_found' && text !== 'no_content') throw new InvalidValue('It must be not_found or no_content.');
    return text;
  }
}
