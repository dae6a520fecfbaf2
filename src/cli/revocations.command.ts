import { Inject } from '@nestjs/common';
import { Command, Option, SubCommand } from 'nest-commander';
import { DatabaseDeadline } from 'nestjs-global-revocation';
import { Deliveries } from 'nestjs-global-revocation/administration';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { Cli } from './cli.js';
import { CloseRevocationsCommand } from './close-revocations.command.js';
import { deliveryJson, toldText } from './delivery-text.js';
import { GroupCommand } from './group.command.js';
import { HostApp } from './host-app.js';
import { ListCommand, type ListOptions } from './list.command.js';
import { LIMIT_MAX } from './option-values.js';
import { RevocationRecords } from './revocation-records.js';
import { revocationFacts, revocationJson, revocationLine, revocationTable } from './revocation-text.js';
import { jsonLine } from './terminal-text.js';
import { UserNames } from './user-names.js';

interface ListRevocationsOptions extends ListOptions {
  subject?: string;
}

abstract class RecordsCommand<Options extends CommonOptions = CommonOptions> extends CliCommand<Options> {
  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(RevocationRecords) protected readonly records: RevocationRecords,
    @Inject(UserNames) protected readonly names: UserNames,
  ) {
    super(host, cli);
  }
}

@SubCommand({ name: 'list', description: 'show the latest revocations, newest first' })
class ListRevocationsCommand extends ListCommand<ListRevocationsOptions> {
  protected override readonly examples = [
    'revocations list --since 2h',
    'revocations list --since 24h --actor hr-system',
    'revocations list --subject ACCOUNT --limit 5 --json',
  ];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(RevocationRecords) private readonly records: RevocationRecords,
    @Inject(UserNames) private readonly names: UserNames,
  ) {
    super(host, cli);
  }

  protected async answer(_args: string[], options: ListRevocationsOptions): Promise<Answer> {
    const { since, until, actor, subject } = options;
    const records = await this.shown(options, (limit) => this.records.latest({ limit, since, until, actor, subject }));
    const nameOf = await this.names.of(records.map((each) => each.subject));
    return { json: records.map(revocationJson), text: revocationTable(records, nameOf, this.cli.columns) };
  }

  @Option({ flags: '--subject <account>', description: 'only for this account id' })
  protected parseSubject(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'show',
  arguments: '<record>',
  argsDescription: { record: 'id of the record, or its first characters' },
  description: 'show one revocation in full, and who was told about it',
})
class ShowRevocationCommand extends RecordsCommand {
  protected override readonly examples = ['revocations show 1f0c2d3e'];

  protected async answer([id = '']: string[]): Promise<Answer> {
    const record = await this.records.byId(id);
    const [deadline, deliveries] = [await this.host.get(DatabaseDeadline), await this.host.get(Deliveries)];
    const told = await deadline.run(() => deliveries.latest({ limit: LIMIT_MAX, revocation: record.id }));
    const isExpanding = await deadline.run(() => deliveries.isExpanding(record.id));
    const facts = revocationFacts(record, await this.names.of([record.subject]));
    return {
      json: { ...revocationJson(record), deliveries: told.map(deliveryJson) },
      text: `${facts}\n${toldText(told, isExpanding, this.cli.columns)}`,
    };
  }
}

@SubCommand({
  name: 'tail',
  description: 'show revocations as they happen, until Ctrl-C (JSON: one document per line)',
})
class TailRevocationsCommand extends RecordsCommand {
  protected override readonly examples = ['revocations tail', 'revocations tail --json | jq .subject'];

  protected async answer(_args: string[], { json }: CommonOptions): Promise<undefined> {
    const told = {
      ready: () => this.cli.err('waiting for revocations; press Ctrl-C to stop\n'),
      trouble: () => this.cli.err('the database does not answer; still trying\n'),
    };
    for await (const record of this.records.follow(this.cli.stop, told)) {
      const nameOf = await this.names.of([record.subject]);
      this.cli.out(`${json ? jsonLine(revocationJson(record)) : revocationLine(record, nameOf)}\n`);
    }
    return undefined;
  }
}

@Command({
  name: 'revocations',
  description: 'records of revocations',
  subCommands: [ListRevocationsCommand, ShowRevocationCommand, TailRevocationsCommand, CloseRevocationsCommand],
})
export class RevocationsCommand extends GroupCommand {
  protected readonly examples = ['revocations list --since 24h', 'revocations show 1f0c2d3e', 'revocations tail'];
}
