import { Inject } from '@nestjs/common';
import { Option, SubCommand } from 'nest-commander';
import { type CallerRestrictions, GLOBAL_REVOCATION_SCOPE } from 'nestjs-global-revocation';
import type { Answer, CommonOptions } from './cli.command.js';
import { Cli } from './cli.js';
import { ClientAdministration } from './client-administration.js';
import { ClientCommand } from './client.command.js';
import { keysAt, keysInFile, type SigningKeys } from './client-keys.js';
import { clientJson, keysText, secretText } from './client-text.js';
import { CommandFailure, InvalidValue } from './failure.js';
import { HostApp } from './host-app.js';
import { printable } from './terminal-text.js';
import { UserAdministration } from './user-administration.js';

interface AddOptions extends CommonOptions {
  scope: string;
  name?: string;
  formats?: string[];
  issuers?: string[];
  tenant?: string;
  unknownSubject?: 'not_found' | 'no_content';
  key?: SigningKeys;
  jwksUri?: SigningKeys;
}

/** @see RFC 6749 §A.1 */
const CLIENT_ID = /^[\x21-\x7e]{1,255}$/;
/** @see RFC 6749 §3.3 */
const SCOPE = /^(?=.{1,1000}$)[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

@SubCommand({
  name: 'add',
  arguments: '<id>',
  argsDescription: { id: 'client id: 1 to 255 visible ASCII characters' },
  description: 'register a client: with a secret, which is shown once, or with the public keys it signs with',
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
    if (!CLIENT_ID.test(clientId)) {
      throw new CommandFailure('usage', 'a client id has 1 to 255 visible ASCII characters, and no blank');
    }
    const { scope, name = clientId, key, jwksUri } = options;
    if (key && jwksUri) throw new CommandFailure('usage', '--key and --jwks-uri both say where its keys are: give one');
    await this.refuseUnknown(options.formats ?? []);
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

  /** @throws CommandFailure for a format that nobody could be named by */
  private async refuseUnknown(formats: readonly string[]): Promise<void> {
    if (formats.length === 0) return;
    const known = (await this.users.formats()).map(({ name }) => name);
    const unknown = formats.find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const problem = `unknown format '${printable(unknown)}'; formats of this server: ${known.join(', ')}`;
    throw new CommandFailure('usage', problem);
  }

  @Option({
    flags: '--scope <names>',
    description: `what it may ask for; ${GLOBAL_REVOCATION_SCOPE} lets it revoke`,
    required: true,
  })
  protected parseScope(text: string): string {
    if (!SCOPE.test(text)) throw new InvalidValue('It must be scope names with single blanks between them.');
    return text;
  }

  @Option({ flags: '--name <text>', description: 'name for people' })
  protected parseName(text: string): string {
    return text;
  }

  @Option({
    flags: '--key <file>',
    description: 'public key instead of a secret: PEM (a certificate too), JWK or JWKS',
  })
  protected parseKey(file: string): SigningKeys {
    return keysInFile(file);
  }

  @Option({ flags: '--jwks-uri <url>', description: 'where its public keys are instead of a secret; https' })
  protected parseJwksUri(text: string): SigningKeys {
    return keysAt(text);
  }

  @Option({ flags: '--formats <names>', description: 'only these identifier formats, separated by commas' })
  protected parseFormats(text: string): string[] {
    return names(text);
  }

  @Option({ flags: '--issuers <urls>', description: 'only these values of iss, separated by commas' })
  protected parseIssuers(text: string): string[] {
    return names(text);
  }

  @Option({ flags: '--tenant <name>', description: 'only users of this tenant' })
  protected parseTenant(text: string): string {
    return names(text)[0]!;
  }

  @Option({ flags: '--unknown-subject <answer>', description: 'for a user nobody knows: not_found or no_content' })
  protected parseUnknownSubject(text: string): string {
    if (text !== 'not_found' && text !== 'no_content') throw new InvalidValue('It must be not_found or no_content.');
    return text;
  }
}

/** @throws InvalidValue when a name is empty */
function names(text: string): string[] {
  const all = text.split(',').map((name) => name.trim());
  if (all.includes('')) throw new InvalidValue('It must not be empty.');
  return all;
}

function restrictionsOf({ formats, issuers, tenant, unknownSubject }: AddOptions): CallerRestrictions | null {
  const restrictions = {
    ...(formats && { formats }),
    ...(issuers && { issuers }),
    ...(tenant !== undefined && { tenant }),
    ...(unknownSubject && { unknownSubject }),
  };
  return Object.keys(restrictions).length === 0 ? null : restrictions;
}
