import { Inject, Injectable } from '@nestjs/common';
import {
  DatabaseDeadline,
  type FoundSubject,
  IdentifierHash,
  type LiveCounts,
  type RevocationContext,
  Realms,
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

/** A user, and the identifier that named it. */
export interface NamedSubject extends FoundSubject {
  identifier: SubjectIdentifier;
}

/** An identifier format that this server supports. */
export interface KnownFormat {
  name: string;
  /** Its members other than `format`, in the order of the form. */
  members: readonly string[];
}

/** Number of users of a realm at which counting ends. */
export const COUNTED_USERS = 100_000;

/** Maximum length of a reason. */
export const REASON_MAX = 255;

/** Finds and revokes users by the rules of the endpoint, but without caller restrictions. */
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
   * @throws CommandFailure if the identifier is invalid, or no user matches
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

  /** Counts what a revocation would end now. @throws RevocationError `unavailable` */
  async live(subject: string): Promise<LiveCounts> {
    const sweeper = await this.host.get(Sweeper);
    const deadline = await this.host.get(DatabaseDeadline);
    return deadline.run(() => sweeper.count(subject));
  }

  /**
   * Revokes a user with the same service, and the same record, as a request.
   *
   * @param method the operator's interface: `cli` or `tui`
   * @param more ids of the record and of the run, for a list of users
   * @returns id of the record
   * @throws RevocationError `notRevocable`, `unavailable`, or the refusal of a listener
   */
  async revoke(
    { subject, identifier, ...found }: NamedSubject,
    method: string,
    reason: string,
    more?: Pick<RevocationContext, 'recordId' | 'requestId'>,
  ): Promise<string> {
    const identifierHash = (await this.host.get(IdentifierHash)).of(identifier);
    const { format } = identifier;
    const context = { actor: this.cli.operator, method, format, identifierHash, ...found, reason, ...more };
    return (await this.host.get(RevocationService)).revoke(subject, context);
  }

  /**
   * Revokes everybody.
   *
   * @param method the operator's interface: `cli` or `tui`
   * @returns id of the record
   * @throws RevocationError `unavailable`, or the refusal of a listener
   */
  async revokeEverybody(method: string, reason: string): Promise<string> {
    const revocations = await this.host.get(RevocationService);
    return revocations.revokeEverybody({ actor: this.cli.operator, method, reason });
  }

  /**
   * Returns the number of users who are known to belong to a realm, at most {@link COUNTED_USERS}.
   *
   * @throws CommandFailure for an invalid name
   * @throws RevocationError `unavailable`
   */
  async inRealm(realm: string): Promise<number> {
    const realms = await this.host.get(Realms);
    return realms.countUsers(realm, COUNTED_USERS).catch((error: unknown) => {
      throw error instanceof TypeError ? new CommandFailure('usage', error.message, { cause: error }) : error;
    });
  }

  /**
   * Revokes a realm.
   *
   * @param method the operator's interface: `cli` or `tui`
   * @returns id of the record
   * @throws RevocationError `notRevocable`, `unavailable`, or the refusal of a listener
   */
  async revokeRealm(realm: string, method: string, reason: string): Promise<string> {
    const revocations = await this.host.get(RevocationService);
    return revocations.revokeRealm(realm, { actor: this.cli.operator, method, reason });
  }

  /** Returns all formats of this server except `aliases`, the host's own names first. */
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

  /** @throws CommandFailure for a format that this server does not support */
  async checkFormats(formats: readonly string[]): Promise<void> {
    if (formats.length === 0) return;
    const known = (await this.formats()).map(({ name }) => name);
    const unknown = formats.find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const problem = `unknown format '${printable(unknown)}'; formats of this server: ${known.join(', ')}`;
    throw new CommandFailure('usage', problem);
  }

  /** Returns how the endpoint parses an identifier, as JSON. It throws RevocationError for an invalid one. */
  async parser(): Promise<(subId: string) => SubjectIdentifier> {
    const requests = await this.host.get(RevocationRequests);
    return (subId) => requests.parse(Buffer.from(`{"sub_id":${subId}}`));
  }

  private async parse(subId: string): Promise<SubjectIdentifier> {
    const parse = await this.parser();
    try {
      return parse(subId);
    } catch (error) {
      if (!(error instanceof RevocationError) || error.status !== 400) throw error;
      const known = (await this.formats()).map(inOptions).join(', ');
      const message = `not a valid subject identifier: ${printable(subId)}; formats of this server: ${known}`;
      throw new CommandFailure('usage', message, { cause: error });
    }
  }
}

/** Returns a format with its options. */
const inOptions = ({ name, members }: KnownFormat): string =>
  `${name} (${members.map((member) => `--${member.replaceAll('_', '-')}`).join(' ')})`;

/** Returns a note if the identifier matches several users. */
export function amongOthers({ matched, deleted = [] }: FoundSubject): string {
  const among = matched - deleted.length > 1 ? [`the first of ${matched} matches`] : [];
  const also = deleted.length > 0 ? [`with the deleted ${deleted.join(', ')}`] : [];
  const all = [...among, ...also].join(', ');
  return all && ` (${all})`;
}
