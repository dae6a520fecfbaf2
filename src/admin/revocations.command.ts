import { Inject } from '@nestjs/common';
import { Command, Option, SubCommand } from 'nest-commander';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { Cli } from './cli.js';
import { CommandFailure } from './failure.js';
import { GroupCommand } from './group.command.js';
import { HostApp } from './host-app.js';
import { RevocationRecords } from './revocation-records.js';
import { revocationFacts, revocationJson, revocationLine, revocationTable } from './revocation-text.js';
import { jsonLine } from './terminal-text.js';
import { LIMIT_MAX, parseCount, parseTime } from './option-values.js';

interface ListOptions extends CommonOptions {
  limit: number;
  since?: number;
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
export class ListRevocationsCommand extends RecordsCommand<ListOptions> {
  protected override readonly examples = [
    'revocations list --since 2h',
    'revocations list --subject ACCOUNT --limit 5 --json',
  ];

  protected async answer(_args: string[], { limit, since, subject }: ListOptions): Promise<Answer> {
    const records = await this.records.latest({ limit, since, subject });
    return { json: records.map(revocationJson), text: revocationTable(records) };
  }

  @Option({ flags: '--limit <number>', description: 'how many at most', defaultValue: 20 })
  protected parseLimit(text: string): number {
    return parseCount(text, LIMIT_MAX);
  }

  @Option({ flags: '--since <time>', description: 'only from then on: 15m, 2h, 7d (ago), or 2026-11-22T08:30:00Z' })
  protected parseSince(text: string): number {
    return parseTime(text);
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
export class RevocationsCommand extends GroupCommand {}
