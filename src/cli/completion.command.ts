import { Command } from 'nest-commander';
import { FEATURE_FLAGS } from '../module/options/global-revocation.options.js';
import { PUBLISHED_NAME } from './cli.js';
import { type Answer, CliCommand } from './cli.command.js';
import { bashCompletion } from './completion/bash.js';
import { fishCompletion } from './completion/fish.js';
import { placesOf } from './completion/places.js';
import { zshCompletion } from './completion/zsh.js';
import { CommandFailure } from './failure.js';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
const NAMES = Object.keys(SHELLS);

/** Arguments whose values are known. */
const VALUES = { 'flags enable': FEATURE_FLAGS, 'flags disable': FEATURE_FLAGS, completion: NAMES };

@Command({
  name: 'completion',
  arguments: '<shell>',
  argsDescription: { shell: `one of ${NAMES.join(', ')}` },
  description: 'print the script that completes commands and options when you press Tab',
})
export class CompletionCommand extends CliCommand {
  protected override readonly examples = [
    'completion bash > ~/.local/share/bash-completion/completions/global-revocation',
    'completion zsh > ~/.zsh-functions/_global-revocation',
    'completion fish > ~/.config/fish/completions/global-revocation.fish',
  ];

  protected answer([shell = '']: string[]): Promise<Answer> {
    const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell as keyof typeof SHELLS] : undefined;
    if (!write) throw new CommandFailure('usage', `unknown shell '${shell}'; known: ${NAMES.join(', ')}`);
    // A command in several words, such as `npm run ctl --`, cannot be completed: its short name can.
    const name = /^[\w-]+$/.test(this.cli.name) ? this.cli.name : PUBLISHED_NAME;
    const script = write(name, placesOf(this.command.parent!, VALUES));
    return Promise.resolve({ json: { shell, script }, text: script });
  }
}
