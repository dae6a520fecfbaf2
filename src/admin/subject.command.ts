import type { CommandRunner } from 'nest-commander';
import { DatabaseDeadline } from '../database/deadline.js';
import { RevocationRequests } from '../endpoint/revocation-request.js';
import { RevocationError } from '../revocation.errors.js';
import type { LiveCounts } from '../revocation/revocation-sweep.js';
import { Sweeper } from '../revocation/sweeper.js';
import { attributeRule, rfc9493Rules } from '../subject/identifier-formats.js';
import type { SubjectIdentifier } from '../subject/subject-identifier.js';
import { UserDirectory } from '../subject/user-directory.js';
import { type FoundSubject, UserLookupService } from '../subject/user-lookup.service.js';
import { CliCommand, type CommonOptions } from './cli.command.js';
import { CommandFailure } from './failure.js';
import { printable } from './terminal-text.js';

/** Members of the subject identifiers, as options. @see RFC 9493 §3.2 */
const MEMBERS = [
  ['--format <name>', 'uid, email, iss_sub … : how the user is named'],
  ['--id <value>', 'for opaque, and for attributes such as uid'],
  ['--email <address>', 'for email'],
  ['--iss <issuer>', 'for iss_sub'],
  ['--sub <value>', 'for iss_sub'],
  ['--uri <uri>', 'for account and uri'],
  ['--url <url>', 'for did'],
  ['--phone-number <number>', 'for phone_number'],
] as const;

/** What {@link MEMBERS} give. */
export interface SubjectOptions extends CommonOptions {
  format?: string;
  id?: string;
  email?: string;
  iss?: string;
  sub?: string;
  uri?: string;
  url?: string;
  phoneNumber?: string;
  /** The whole identifier. */
  subId?: string;
}

/** A user somebody has named. */
export interface NamedSubject extends FoundSubject {
  identifier: SubjectIdentifier;
}

/** A command about one user, who is named as callers of the endpoint do. */
export abstract class SubjectCommand<Options extends SubjectOptions = SubjectOptions> extends CliCommand<Options> {
  override setCommand(command: Parameters<CommandRunner['setCommand']>[0]): this {
    for (const [flags, description] of MEMBERS) command.option(flags, description);
    command.option('--sub-id <json>', 'the whole subject identifier instead, e.g. of format aliases');
    return super.setCommand(command);
  }

  /**
   * Finds the user by the rules of the endpoint, without the limits of a caller.
   *
   * @throws CommandFailure when the identifier is not valid
   * @throws RevocationError `unknownSubject`, `ambiguousSubject`, `notRevocable`, `unavailable`
   */
  protected async find(options: SubjectOptions): Promise<NamedSubject> {
    const subId = subIdOf(options);
    const identifier = await this.parse(subId);
    const users = await this.host.get(UserLookupService);
    const found = await users.find(identifier).catch((error: unknown) => {
      if (!(error instanceof RevocationError) || error.reason !== 'unknownSubject') throw error;
      throw new CommandFailure('not_found', `no user is named by ${printable(subId)}`);
    });
    return { identifier, ...found };
  }

  /** Reads what a caller would have sent. */
  private async parse(subId: string): Promise<SubjectIdentifier> {
    const parser = await this.host.get(RevocationRequests);
    try {
      return parser.parse(Buffer.from(`{"sub_id":${subId}}`));
    } catch (error) {
      if (!(error instanceof RevocationError) || error.status !== 400) throw error;
      const known = knownFormats(await this.host.get(UserDirectory));
      const message = `not a valid subject identifier: ${printable(subId)}; formats of this server: ${known}`;
      throw new CommandFailure('usage', message, { cause: error });
    }
  }

  /** What a revocation would end now. @throws RevocationError `unavailable` */
  protected async live(subject: string): Promise<LiveCounts> {
    const sweeper = await this.host.get(Sweeper);
    const deadline = await this.host.get(DatabaseDeadline);
    return deadline.run(() => sweeper.count(subject));
  }
}

/** Says so when the identifier names several users. */
export const amongOthers = (matched: number): string => (matched > 1 ? ` (the first of ${matched} who match)` : '');

/** The identifier as JSON. @throws CommandFailure when there is none, or two */
function subIdOf({ format, id, email, iss, sub, uri, url, phoneNumber, subId }: SubjectOptions): string {
  const members = { format, id, email, iss, sub, uri, url, phone_number: phoneNumber };
  const hasMembers = Object.values(members).some((value) => value !== undefined);
  if (subId !== undefined && hasMembers) {
    throw new CommandFailure('usage', '--sub-id is the whole identifier: leave out the options that name its members');
  }
  if (subId === undefined && format === undefined) {
    throw new CommandFailure('usage', 'who? Name a user, e.g. with --format uid --id alice');
  }
  return subId ?? JSON.stringify(members);
}

/** Each format with the options it needs. */
function knownFormats({ formats, attributes }: UserDirectory): string {
  const rules = [
    ...formats.map((name) => [name, rfc9493Rules.get(name)!] as const),
    ...attributes.map((name) => [name, attributeRule(name)] as const),
  ];
  return rules
    .map(([name, { member, issuer }]) => {
      const options = [issuer, member].filter((each) => each !== undefined);
      return `${name} (${options.map((each) => `--${each.replaceAll('_', '-')}`).join(' ')})`;
    })
    .join(', ');
}
