import { Inject } from '@nestjs/common';
import { Command, Option, SubCommand } from 'nest-commander';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { Cli } from './cli.js';
import { CommandFailure } from './failure.js';
import { GroupCommand } from './group.command.js';
import { HostApp } from './host-app.js';
import { ListCommand, type ListOptions } from './list.command.js';
import { RevocationRecords } from './revocation-records.js';
import { revocationFacts, revocationJson, revocationLine, revocationTable } from './revocation-text.js';
import { jsonLine } from './terminal-text.js';

interface ListRevocationsOptions extends ListOptions {
  subject?: string;
}

abstract class RecordsCommand<Options extends CommonOptions = CommonOptions> extends CliCommand<Options> {
  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(RevocationRecords) protected readonly records: RevocationRecords,
  ) {
    super(host, cli);
  }
}

@SubCommand({ name: 'list', description: 'show the latest revocations, the youngest first' })
export class ListRevocationsCommand extends ListCommand<ListRevocationsOptions> {
  protected override readonly examples = [
    'revocations list --since 2h',
    'revocations list --since 24h --actor hr-system',
    'revocations list --subject ACCOUNT --limit 5 --json',
  ];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(RevocationRecords) private readonly records: RevocationRecords,
  ) {
    super(host, cli);
  }

  protected async answer(_args: string[], options: ListRevocationsOptions): Promise<Answer> {
    const { since, until, actor, subject } = options;
    const records = await this.shown(options, (limit) => this.records.latest({ limit, since, until, actor, subject }));
    return { json: records.map(revocationJson), text: revocationTable(records) };
  }

  @Option({ flags: '--subject <account>', description: 'only of this account id' })
  protected parseSubject(text: string): string {
    return text;
  }
}

@SubCommand({ name: 'show', arguments: '<record>', description: 'show everything one revocation’s record says' })
export class ShowRevocationCommand extends RecordsCommand {
  protected override readonly examples = ['revocations show RECORD'];

  protected async answer([id = '']: string[]): Promise<Answer> {
    const record = await this.records.byId(id);
    if (!record) throw new CommandFailure('not_found', `no revocation has the record '${id}'; see revocations list`);
    return { json: revocationJson(record), text: revocationFacts(record) };
  }
}

@SubCommand({ name: 'tail', description: 'show revocations as they happen, until Ctrl-C (JSON: one document a line)' })
export class TailRevocationsCommand extends RecordsCommand {
  protected override readonly examples = ['revocations tail', 'revocations tail --json | jq .subject'];

  protected async answer(_args: string[], { json }: CommonOptions): Promise<undefined> {
    const told = {
      ready: () => this.cli.err('waiting for revocations; Ctrl-C ends\n'),
      trouble: () => this.cli.err('the database does not answer; still trying\n'),
    };
    for await (const record of this.records.follow(this.cli.stop, told)) {
      this.cli.out(`${json ? jsonLine(revocationJson(record)) : revocationLine(record)}\n`);
    }
    return undefined;
  }
}

@Command({
  name: 'revocations',
  description: 'the records of what was revoked',
  subCommands: [ListRevocationsCommand, ShowRevocationCommand, TailRevocationsCommand],
})
export class RevocationsCommand extends GroupCommand {
  protected readonly examples = ['revocations list --since 24h', 'revocations show RECORD', 'revocations tail'];
}
