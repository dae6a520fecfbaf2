import { Inject, Injectable } from '@nestjs/common';
import {
  DatabaseDeadline,
  type FoundSubject,
  IdentifierHash,
  type LiveCounts,
  RevocationError,
  RevocationService,
  type SubjectIdentifier,
  Sweeper,
  UserDirectory,
  UserLookupService,
} from 'nestjs-global-revocation';
import { attributeFormat, RevocationRequests, rfc9493Formats } from 'nestjs-global-revocation/administration';
import { Cli } from './cli.js';
import { CommandFailure } from './failure.js';
import { HostApp } from './host-app.js';
import { printable } from './terminal-text.js';

/** A user somebody has named. */
export interface NamedSubject extends FoundSubject {
  identifier: SubjectIdentifier;
}

/** A format of identifiers that this server knows. */
export interface KnownFormat {
  name: string;
  /** The members it has besides `format`, in the order they are asked for. */
  members: readonly string[];
}

/** Most characters of a reason. */
export const REASON_MAX = 255;

/** Finds and revokes users by the rules of the endpoint, without the restrictions of a caller. */
@Injectable()
export class UserAdministration {
  constructor(
    @Inject(HostApp) private readonly host: HostApp,
    @Inject(Cli) private readonly cli: Cli,
  ) {}

  /**
   * Finds the user.
   *
   * @param subId subject identifier, as JSON
   * @throws CommandFailure when the identifier is not valid, or names nobody
   * @throws RevocationError `ambiguousSubject`, `notRevocable`, `unavailable`
   */
  async find(subId: string): Promise<NamedSubject> {
    const identifier = await this.parse(subId);
    const users = await this.host.get(UserLookupService);
    const found = await users.find(identifier).catch((error: unknown) => {
      if (!(error instanceof RevocationError) || error.reason !== 'unknownSubject') throw error;
      throw new CommandFailure('not_found', `no user matches ${printable(subId)}`);
    });
    return { identifier, ...found };
  }

  /** What a revocation would end now. @throws RevocationError `unavailable` */
  async live(subject: string): Promise<LiveCounts> {
    const sweeper = await this.host.get(Sweeper);
    const deadline = await this.host.get(DatabaseDeadline);
    return deadline.run(() => sweeper.count(subject));
  }

  /**
   * Revokes by the same service, and so with the same record, as a request.
   *
   * @param method where the operator sits: `cli`, `tui`
   * @returns id of the record
   * @throws RevocationError `notRevocable`, `unavailable`, and what a listener refuses with
   */
  async revoke({ subject, identifier, ...found }: NamedSubject, method: string, reason: string): Promise<string> {
    const identifierHash = (await this.host.get(IdentifierHash)).of(identifier);
    const { format } = identifier;
    const context = { actor: this.cli.operator, method, format, identifierHash, ...found, reason };
    return (await this.host.get(RevocationService)).revoke(subject, context);
  }

  /** Every format of this server, `aliases` aside: the host's own names first. */
  async formats(): Promise<KnownFormat[]> {
    const { formats, attributes } = await this.host.get(UserDirectory);
    const rules = [
      ...attributes.map((name) => [name, attributeFormat(name)] as const),
      ...formats.map((name) => [name, rfc9493Formats.get(name)!] as const),
    ];
    return rules.map(([name, { member, issuer }]) => ({
      name,
      members: [issuer, member].filter((each) => each !== undefined),
    }));
  }

  /** @throws CommandFailure for a format that this server does not know */
  async checkFormats(formats: readonly string[]): Promise<void> {
    if (formats.length === 0) return;
    const known = (await this.formats()).map(({ name }) => name);
    const unknown = formats.find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const problem = `unknown format '${printable(unknown)}'; formats of this server: ${known.join(', ')}`;
    throw new CommandFailure('usage', problem);
  }

  /** Reads what a caller would have sent. */
  private async parse(subId: string): Promise<SubjectIdentifier> {
    const parser = await this.host.get(RevocationRequests);
    try {
      return parser.parse(Buffer.from(`{"sub_id":${subId}}`));
    } catch (error) {
      if (!(error instanceof RevocationError) || error.status !== 400) throw error;
      const known = (await this.formats()).map(inOptions).join(', ');
      const message = `not a valid subject identifier: ${printable(subId)}; formats of this server: ${known}`;
      throw new CommandFailure('usage', message, { cause: error });
    }
  }
}

/** A format with the options it needs. */
const inOptions = ({ name, members }: KnownFormat): string =>
  `${name} (${members.map((member) => `--${member.replaceAll('_', '-')}`).join(' ')})`;

/** Says so when the identifier names several users. */
export function amongOthers({ matched, deleted = [] }: FoundSubject): string {
  const among = matched - deleted.length > 1 ? [`the first of ${matched} matches`] : [];
  const also = deleted.length > 0 ? [`with the deleted ${deleted.join(', ')}`] : [];
  const all = [...among, ...also].join(', ');
  return all && ` (${all})`;
}
