import { Inject } from '@nestjs/common';
import type { CommandRunner } from 'nest-commander';
import { Cli } from './cli.js';
import { CliCommand, type CommonOptions } from './cli.command.js';
import { CommandFailure } from './failure.js';
import { HostApp } from './host-app.js';
import { amongOthers, type NamedSubject, UserAdministration } from './user-administration.js';
import { accountInWords, UserNames } from './user-names.js';

/** Members of the subject identifiers, as options. @see RFC 9493 §3.2 */
const MEMBERS = [
  ['--format <name>', 'format of the identifier: uid, email, iss_sub …'],
  ['--id <value>', 'for opaque, and for attributes such as uid'],
  ['--email <address>', 'for email'],
  ['--iss <issuer>', 'for iss_sub'],
  ['--sub <value>', 'for iss_sub'],
  ['--uri <uri>', 'for account and uri'],
  ['--url <url>', 'for did'],
  ['--phone-number <number>', 'for phone_number'],
] as const;

/** The values of {@link MEMBERS}. */
export interface SubjectOptions extends CommonOptions {
  format?: string;
  id?: string;
  email?: string;
  iss?: string;
  sub?: string;
  uri?: string;
  url?: string;
  phoneNumber?: string;
  /** The complete identifier as JSON. */
  subId?: string;
}

/** A command about one user, named by a subject identifier as in requests to the endpoint. */
export abstract class SubjectCommand<Options extends SubjectOptions = SubjectOptions> extends CliCommand<Options> {
  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(UserAdministration) protected readonly users: UserAdministration,
    @Inject(UserNames) private readonly names: UserNames,
  ) {
    super(host, cli);
  }

  override setCommand(command: Parameters<CommandRunner['setCommand']>[0]): this {
    for (const [flags, description] of MEMBERS) command.option(flags, description);
    command.option('--sub-id <json>', 'the complete subject identifier instead, for example with the format aliases');
    return super.setCommand(command);
  }

  /** Returns the account as text: its id, its name, and whether several users match. */
  protected async inWords(named: NamedSubject): Promise<string> {
    return accountInWords(named.subject, await this.names.of([named.subject])) + amongOthers(named);
  }

  /** @throws CommandFailure if no user is given, or {@link UserAdministration.find} finds none */
  protected async find(options: SubjectOptions): Promise<NamedSubject> {
    return this.users.find(subIdOf(options));
  }
}

/** Returns the members of an identifier that options name. */
export const membersOf = ({ format, id, email, iss, sub, uri, url, phoneNumber }: SubjectOptions) => {
  return { format, id, email, iss, sub, uri, url, phone_number: phoneNumber };
};

/** Returns the identifier as JSON. @throws CommandFailure if there is none, or two */
function subIdOf({ subId, ...options }: SubjectOptions): string {
  const members = membersOf(options);
  const { format } = members;
  const hasMembers = Object.values(members).some((value) => value !== undefined);
  if (subId !== undefined && hasMembers) {
    throw new CommandFailure(
      'usage',
      '--sub-id is the complete identifier: omit --format and the options for its members',
    );
  }
  if (subId === undefined && format === undefined) {
    throw new CommandFailure('usage', 'missing user: use --format and --id, for example --format uid --id alice');
  }
  return subId ?? JSON.stringify(members);
}
