import { userInfo } from 'node:os';
import { Inject } from '@nestjs/common';
import { Command, SubCommand } from 'nest-commander';
import { FeatureFlags } from '../feature-flags/feature-flags.service.js';
import { FEATURE_FLAGS } from '../global-revocation.options.js';
import { StrictCommand } from './strict-command.js';

const argsDescription = { name: `one of ${FEATURE_FLAGS.join(', ')}` };

/** Who is written down as having changed a flag. */
const operator = (): string => `cli:${userInfo().username}`;

@SubCommand({ name: 'list', description: 'show every feature flag and where its value comes from' })
export class ListFlagsCommand extends StrictCommand {
  constructor(@Inject(FeatureFlags) private readonly flags: FeatureFlags) {
    super();
  }

  async run(): Promise<void> {
    for (const { name, enabled, source } of await this.flags.list()) {
      console.log(`${name}  ${enabled ? 'on' : 'off'}  (${source})`);
    }
  }
}

@SubCommand({ name: 'enable', arguments: '<name>', argsDescription, description: 'switch a feature on, on every node' })
export class EnableFlagCommand extends StrictCommand {
  constructor(@Inject(FeatureFlags) private readonly flags: FeatureFlags) {
    super();
  }

  async run([name = '']: string[]): Promise<void> {
    await this.flags.set(name, true, operator());
    console.log(`${name} is on; every node follows within a second`);
  }
}

@SubCommand({
  name: 'disable',
  arguments: '<name>',
  argsDescription,
  description: 'switch a feature off, on every node',
})
export class DisableFlagCommand extends StrictCommand {
  constructor(@Inject(FeatureFlags) private readonly flags: FeatureFlags) {
    super();
  }

  async run([name = '']: string[]): Promise<void> {
    await this.flags.set(name, false, operator());
    console.log(`${name} is off; every node follows within a second`);
  }
}

@Command({
  name: 'flags',
  description: 'feature flags of the running servers',
  subCommands: [ListFlagsCommand, EnableFlagCommand, DisableFlagCommand],
})
export class FlagsCommand extends StrictCommand {
  run(): Promise<void> {
    this.command.outputHelp({ error: true });
    process.exitCode = 2;
    return Promise.resolve();
  }
}
