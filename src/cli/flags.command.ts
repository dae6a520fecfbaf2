import { Command, SubCommand } from 'nest-commander';
import { FEATURE_FLAGS, FeatureFlags } from 'nestjs-global-revocation';
import { type Answer, CliCommand } from './cli.command.js';
import { CommandFailure } from './failure.js';
import { GroupCommand } from './group.command.js';

const [example] = FEATURE_FLAGS;
const argsDescription = { name: `one of ${FEATURE_FLAGS.join(', ')}` };

const state = (enabled: boolean): string => (enabled ? 'on' : 'off');

@SubCommand({ name: 'list', description: 'show every feature flag and where its value comes from' })
class ListFlagsCommand extends CliCommand {
  protected override readonly examples = ['flags list', 'flags list --json'];

  protected async answer(): Promise<Answer> {
    const flags = await (await this.host.get(FeatureFlags)).list();
    const lines = flags.map((flag) => `${flag.name}  ${state(flag.enabled)}  (${flag.source})`);
    return { json: flags, text: lines.join('\n') };
  }
}

abstract class SetFlagCommand extends CliCommand {
  protected abstract readonly enabled: boolean;

  protected async answer([name = '']: string[]): Promise<Answer> {
    if (!FEATURE_FLAGS.some((known) => known === name)) {
      throw new CommandFailure('usage', `unknown feature flag '${name}'; known: ${FEATURE_FLAGS.join(', ')}`);
    }
    const { enabled } = this;
    await (await this.host.get(FeatureFlags)).set(name, enabled, this.cli.operator);
    return {
      json: { name, enabled, source: 'stored' },
      text: `${name} is ${state(enabled)}; every node follows within a second`,
    };
  }
}

@SubCommand({ name: 'enable', arguments: '<name>', argsDescription, description: 'switch a feature on, on every node' })
class EnableFlagCommand extends SetFlagCommand {
  protected readonly enabled = true;
  protected override readonly examples = [`flags enable ${example}`];
}

@SubCommand({
  name: 'disable',
  arguments: '<name>',
  argsDescription,
  description: 'switch a feature off, on every node',
})
class DisableFlagCommand extends SetFlagCommand {
  protected readonly enabled = false;
  protected override readonly examples = [`flags disable ${example}`];
}

@Command({
  name: 'flags',
  description: 'feature flags of the running servers',
  subCommands: [ListFlagsCommand, EnableFlagCommand, DisableFlagCommand],
})
export class FlagsCommand extends GroupCommand {
  protected readonly examples = ['flags list', `flags disable ${example}`];
}
