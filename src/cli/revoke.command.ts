import { Inject } from '@nestjs/common';
import { Command, Option } from 'nest-commander';
import { type BulkOptions, BulkRevocation } from './bulk/bulk-revocation.js';
import type { Answer } from './cli.command.js';
import { Cli } from './cli.js';
import { CommandFailure, InvalidValue } from './failure.js';
import { HostApp } from './host-app.js';
import { parseCount } from './option-values.js';
import { membersOf, SubjectCommand, type SubjectOptions } from './subject.command.js';
import { count, facts, liveInWords, printable } from './terminal-text.js';
import { COUNTED_USERS, type NamedSubject, REASON_MAX, UserAdministration } from './user-administration.js';
import { UserNames } from './user-names.js';

interface RevokeOptions extends SubjectOptions, BulkOptions {
  everybody?: boolean;
  realm?: string;
  yes?: boolean;
}

/** What an operator types to revoke everybody. */
const EVERYBODY = 'everybody';

/** Maximum of `--rate`, in users per second. */
const RATE_MAX = 100_000;

@Command({
  name: 'revoke',
  description: 'end every token and session of one user, of many, of a realm or of all users, at once, on every node',
})
export class RevokeCommand extends SubjectCommand<RevokeOptions> {
  protected override readonly examples = [
    'revoke --format uid --id alice --dry-run',
    "revoke --format uid --id alice --reason 'laptop stolen'",
    'revoke --format email --email alice@example.com --json',
    'revoke --from users.txt --format email --rate 500',
    "revoke --realm acme --reason 'identity provider of acme stolen'",
    "revoke --everybody --reason 'signing key stolen'",
  ];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(UserAdministration) users: UserAdministration,
    @Inject(UserNames) names: UserNames,
    @Inject(BulkRevocation) private readonly bulk: BulkRevocation,
  ) {
    super(host, cli, users, names);
  }

  protected async answer(_args: string[], options: RevokeOptions): Promise<Answer> {
    if (options.everybody) return this.everybody(options);
    if (options.realm !== undefined) return this.realm(options.realm, options);
    if (options.from !== undefined) return this.bulk.answer(options.from, options);
    if (options.rate ?? options.run ?? options.result) {
      throw new CommandFailure('usage', '--rate, --run and --result need a list of users: add --from FILE');
    }
    const named = await this.find(options);
    if (options.dryRun) return this.preview(named);
    const { ask } = this.cli;
    if (ask && !options.yes && !(await this.isMeant(named, ask))) {
      const { subject, matched } = named;
      const json = { revoked: false, id: null, subject, matched, live: null };
      return { json, text: 'Nothing was changed.', failure: 'failed' };
    }
    return this.revoke(named, options);
  }

  private async everybody({ realm, dryRun, ...options }: RevokeOptions): Promise<Answer> {
    if (realm !== undefined || dryRun)
      throw new CommandFailure('usage', '--everybody revokes all users: omit --realm and --dry-run');
    expectNoUsers('--everybody revokes all users', options);
    if (!(await this.isTyped('all users', EVERYBODY, 'this signs everybody out, everywhere', options)))
      return { json: { revoked: false, id: null, realm: EVERYBODY }, text: 'Nothing was changed.', failure: 'failed' };
    const id = await this.users.revokeEverybody('cli', options.reason ?? '');
    const text = `Revoked everybody: every token and session has ended, and all users have to sign in again.\nRecord ${id}`;
    return { json: { revoked: true, id, realm: EVERYBODY }, text };
  }

  private async realm(realm: string, options: RevokeOptions): Promise<Answer> {
    expectNoUsers('--realm revokes all users of a realm', options);
    const [name, users] = [printable(realm), await this.users.inRealm(realm)];
    if (users === 0) throw new CommandFailure('not_found', `no user is known to belong to the realm '${name}'`);
    const whose = `${users < COUNTED_USERS ? '' : 'at least '}${count(users, 'user')} of the realm ${name}`;
    const nothing = { json: { revoked: false, id: null, realm, users }, text: 'Nothing was changed.' };
    if (options.dryRun) return { ...nothing, text: `Would revoke ${whose}. ${nothing.text}` };
    const danger = `this signs ${whose} out, everywhere`;
    if (!(await this.isTyped(whose, realm, danger, options))) return { ...nothing, failure: 'failed' };
    const id = await this.users.revokeRealm(realm, 'cli', options.reason ?? '');
    return {
      json: { revoked: true, id, realm, users },
      text: `Revoked ${whose}: every token and session has ended.\nRecord ${id}`,
    };
  }

  /** Asks for a word instead of a letter, and in a script for `--yes`: a slip would sign many users out. */
  private async isTyped(whose: string, word: string, danger: string, { yes }: RevokeOptions): Promise<boolean> {
    const { ask } = this.cli;
    if (!yes && !ask) throw new CommandFailure('usage', `${danger}: add --yes`);
    return yes || ask!(`End every token and session of ${whose}?`, word);
  }

  /** Shows the account, and asks for confirmation. */
  private async isMeant(named: NamedSubject, ask: NonNullable<Cli['ask']>): Promise<boolean> {
    const [account, live] = [await this.inWords(named), await this.users.live(named.subject)];
    this.cli.err(
      `${facts([
        ['account', account],
        ['has', liveInWords(live)],
      ])}\n`,
    );
    return ask('End every token and session of this account?');
  }

  private async preview(named: NamedSubject): Promise<Answer> {
    const { subject, matched } = named;
    const live = await this.users.live(subject);
    const text = `Would revoke ${await this.inWords(named)}: ${liveInWords(live)}. Nothing was changed.`;
    return { json: { revoked: false, id: null, subject, matched, live }, text };
  }

  /** Revokes the user. It does not count the sessions and tokens first, because there can be many. */
  private async revoke(named: NamedSubject, { reason = '' }: RevokeOptions): Promise<Answer> {
    const id = await this.users.revoke(named, 'cli', reason);
    const { subject, matched } = named;
    const text = `Revoked ${await this.inWords(named)}: every token and session has ended.\nRecord ${id}`;
    return { json: { revoked: true, id, subject, matched, live: null }, text };
  }

  @Option({ flags: '--reason <text>', description: `reason for the record, at most ${REASON_MAX} characters` })
  protected parseReason(reason: string): string {
    if (reason.length > REASON_MAX) throw new InvalidValue(`It has more than ${REASON_MAX} characters.`);
    return reason;
  }

  @Option({
    flags: '--from <file>',
    description:
      'revoke the users listed in a file, or on standard input (-): one per line, as identifiers with --format, or as JSON like --sub-id',
  })
  protected parseFrom(file: string): string {
    return file;
  }

  @Option({
    flags: '--everybody',
    description: 'revoke all users in one transaction; at a terminal, you type a word to confirm',
  })
  protected parseEverybody(): boolean {
    return true;
  }

  @Option({
    flags: '--realm <name>',
    description:
      'revoke all users of a realm, such as a tenant, in one transaction; at a terminal, you type its name to confirm',
  })
  protected parseRealm(realm: string): string {
    return realm;
  }

  @Option({ flags: '--rate <number>', description: 'with --from, maximum number of users per second' })
  protected parseRate(number: string): number {
    return parseCount(number, RATE_MAX);
  }

  @Option({
    flags: '--run <id>',
    description: 'with --from, continue a run that was interrupted; nobody is revoked twice',
  })
  protected parseRun(id: string): string {
    if (!/^[\w-]{1,64}$/.test(id)) throw new InvalidValue('It must be the id that the command printed when it began.');
    return id;
  }

  @Option({
    flags: '--result <file>',
    description: 'with --from, file for the results, one line of JSON per user (default: revoke-RUN.jsonl)',
  })
  protected parseResult(file: string): string {
    return file;
  }

  @Option({ flags: '--dry-run', description: 'change nothing; show who would be revoked, and what would end' })
  protected parseDryRun(): boolean {
    return true;
  }

  @Option({
    flags: '--yes',
    description:
      'do not ask for confirmation; without a terminal, the command never asks, and --realm and --everybody require --yes',
  })
  protected parseYes(): boolean {
    return true;
  }
}

/** @param revokes says what is revoked instead. @throws CommandFailure if options name users */
function expectNoUsers(revokes: string, { subId, from, rate, run, result, ...options }: RevokeOptions): void {
  const others = { ...membersOf(options), subId, from, rate, run, result };
  if (Object.values(others).every((each) => each === undefined)) return;
  throw new CommandFailure('usage', `${revokes}: omit the options that name users`);
}
