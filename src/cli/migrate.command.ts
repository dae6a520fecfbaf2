import { Command, Option } from 'nest-commander';
import type { DataSource } from 'typeorm';
import { migrate, pendingMigrations, REVOCATION_DATA_SOURCE } from 'nestjs-global-revocation';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { count } from './terminal-text.js';

interface MigrateOptions extends CommonOptions {
  dryRun?: boolean;
}

@Command({
  name: 'migrate',
  description: 'run pending migrations; safe on several nodes at once',
})
export class MigrateCommand extends CliCommand<MigrateOptions> {
  protected override readonly examples = ['migrate --dry-run', 'migrate'];

  protected async answer(_args: string[], { dryRun }: MigrateOptions): Promise<Answer> {
    await this.host.open(!dryRun);
    const dataSource = await this.host.get<DataSource>(REVOCATION_DATA_SOURCE);
    const ran = dryRun ? [] : await migrate(dataSource);
    const pending = await pendingMigrations(dataSource);
    const [what, names] = dryRun ? ['pending', pending] : ['run', ran];
    const text = [`${count(names.length, 'migration')} ${what}`, ...names.map((name) => `  ${name}`)].join('\n');
    return { json: { ran, pending }, text };
  }

  @Option({ flags: '--dry-run', description: 'change nothing; show the pending migrations' })
  protected parseDryRun(): boolean {
    return true;
  }
}
