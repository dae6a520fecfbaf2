import { Inject } from '@nestjs/common';
import { Command } from 'nest-commander';
import { type Answer, CliCommand } from './cli.command.js';
import { Cli } from './cli.js';
import { Doctor } from './doctor.js';
import { HostApp } from './host-app.js';
import { columns } from './terminal-text.js';

@Command({ name: 'doctor', description: 'check whether revocation works here, and show what to fix' })
export class DoctorCommand extends CliCommand {
  protected override readonly examples = ['doctor', 'doctor --json'];

  constructor(
    @Inject(HostApp) host: HostApp,
    @Inject(Cli) cli: Cli,
    @Inject(Doctor) private readonly doctor: Doctor,
  ) {
    super(host, cli);
  }

  protected async answer(): Promise<Answer> {
    const checks = await this.doctor.examine();
    const healthy = checks.every(({ ok }) => ok);
    const rows = checks.map(({ check, ok, message }) => [ok ? 'ok' : 'FIX', check, message]);
    const text = columns(['', 'CHECK', 'STATUS'], rows);
    return { json: { healthy, checks }, text, ...(!healthy && { failure: 'failed' as const }) };
  }
}
