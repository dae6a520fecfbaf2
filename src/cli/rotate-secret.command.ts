import { Option, SubCommand } from 'nest-commander';
import type { Answer, CommonOptions } from './cli.command.js';
import { ClientCommand } from './client.command.js';
import { clientJson, secretText } from './client-text.js';
import { CommandFailure } from './failure.js';
import { parseDuration } from './option-values.js';
import { isoTime } from './terminal-text.js';

interface RotateOptions extends CommonOptions {
  keep?: number;
  finish?: boolean;
  cancel?: boolean;
}

@SubCommand({
  name: 'rotate-secret',
  arguments: '<id>',
  argsDescription: { id: 'client id' },
  description: 'create a new secret; the current one stays valid until --finish',
})
export class RotateSecretCommand extends ClientCommand<RotateOptions> {
  protected override readonly examples = [
    'clients rotate-secret siem           # hand the new secret to the client',
    'clients rotate-secret siem --finish  # when the client uses it: end the old one',
    'clients rotate-secret siem --cancel  # to go back: end the new one, keep the old one',
    'clients rotate-secret siem --keep 7d',
  ];

  protected async answer([id = '']: string[], { keep, finish, cancel }: RotateOptions): Promise<Answer> {
    if ([keep, finish, cancel].filter((option) => option !== undefined).length > 1) {
      throw new CommandFailure('usage', 'give only one of --keep, --finish and --cancel');
    }
    if (finish) return { json: clientJson(await this.clients.finish(id)), text: `${id}: the older secret has ended` };
    if (cancel) return { json: clientJson(await this.clients.cancel(id)), text: `${id}: the newer secret has ended` };
    this.refuseUnheard();
    const until = keep === undefined ? null : Date.now() + keep;
    const { client, secret } = await this.clients.rotate(id, until);
    const end = until === null ? 'until rotate-secret --finish' : `until ${isoTime(until)}`;
    const text = `${secretText(client, secret)}\nThe older secret stays valid ${end}.`;
    return { json: { ...clientJson(client), secret }, text };
  }

  @Option({
    flags: '--keep <time>',
    description: 'end the older secret automatically after this time, such as 12h or 7d',
  })
  protected parseKeep(text: string): number {
    return parseDuration(text);
  }

  @Option({ flags: '--finish', description: 'end the older of two secrets' })
  protected parseFinish(): boolean {
    return true;
  }

  @Option({ flags: '--cancel', description: 'end the newer of two secrets' })
  protected parseCancel(): boolean {
    return true;
  }
}
