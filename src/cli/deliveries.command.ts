import { Command, Option, SubCommand } from 'nest-commander';
import { DatabaseDeadline } from 'nestjs-global-revocation';
import { Deliveries, OperatorChanges } from 'nestjs-global-revocation/administration';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { deliveryJson, deliveryTable } from './delivery-text.js';
import { InvalidValue } from './failure.js';
import { GroupCommand } from './group.command.js';
import { LIMIT_MAX, parseCount } from './option-values.js';
import { count, printable } from './terminal-text.js';

const STATES = ['waiting', 'delivered', 'superseded', 'held', 'dead'];
const LIMIT = 20;
/** Time limit for reading every delivery, in milliseconds. */
const PATIENCE_MS = 3_600_000;
const argsDescription = { recipient: 'name of the recipient, as `deliveries list` shows it' };

interface ListDeliveriesOptions extends CommonOptions {
  limit?: number;
  state?: string;
  recipient?: string;
}

@SubCommand({ name: 'list', description: 'show who was told about revocations, newest first' })
class ListDeliveriesCommand extends CliCommand<ListDeliveriesOptions> {
  protected override readonly examples = ['deliveries list --state dead', 'deliveries list --recipient shop --json'];

  protected async answer(_args: string[], options: ListDeliveriesOptions): Promise<Answer> {
    const { limit = LIMIT, state, recipient } = options;
    const [deadline, deliveries] = [await this.host.get(DatabaseDeadline), await this.host.get(Deliveries)];
    const found = await deadline.run(() => deliveries.latest({ limit: limit + 1, state, recipient }));
    if (found.length > limit) this.cli.err(`${limit} shown; there are more: use --limit N\n`);
    const shown = found.slice(0, limit);
    return { json: shown.map(deliveryJson), text: deliveryTable(shown, this.cli.columns) };
  }

  @Option({ flags: '--limit <number>', description: `maximum number of deliveries to show; default ${LIMIT}` })
  protected parseLimit(text: string): number {
    return parseCount(text, LIMIT_MAX);
  }

  @Option({ flags: '--state <name>', description: `only in this state: ${STATES.join(', ')}` })
  protected parseState(text: string): string {
    if (!STATES.includes(text)) throw new InvalidValue(`It must be one of ${STATES.join(', ')}.`);
    return text;
  }

  @Option({ flags: '--recipient <name>', description: 'only to this recipient' })
  protected parseRecipient(text: string): string {
    return text;
  }
}

abstract class ChangeDeliveriesCommand extends CliCommand {
  protected abstract readonly action: 'retry' | 'drop';
  protected abstract inWords(notifications: string, recipient: string): string;

  protected async answer([recipient = '']: string[]): Promise<Answer> {
    const deliveries = await this.host.get(Deliveries);
    const changes = await this.host.get(OperatorChanges);
    const intention = { actor: this.cli.operator, action: `deliveries.${this.action}`, target: recipient };
    let notifications = 0;
    await changes.make(
      intention,
      async (manager) => {
        notifications = await deliveries[this.action](manager, recipient);
        return { before: '', after: count(notifications, 'notification') };
      },
      new DatabaseDeadline(PATIENCE_MS),
    );
    return { json: { recipient, notifications }, text: this.inWords(count(notifications, 'notification'), recipient) };
  }
}

@SubCommand({
  name: 'retry',
  arguments: '<recipient>',
  argsDescription,
  description: 'send a recipient the notifications that it has not received, including those that were given up',
})
class RetryDeliveriesCommand extends ChangeDeliveriesCommand {
  protected readonly action = 'retry';
  protected override readonly examples = ['deliveries retry shop'];

  protected inWords(notifications: string, recipient: string): string {
    return `The servers now send ${notifications} to ${printable(recipient)}.`;
  }
}

@SubCommand({
  name: 'drop',
  arguments: '<recipient>',
  argsDescription,
  description: 'give up the notifications that a recipient has not received yet',
})
class DropDeliveriesCommand extends ChangeDeliveriesCommand {
  protected readonly action = 'drop';
  protected override readonly examples = ['deliveries drop shop'];

  protected inWords(notifications: string, recipient: string): string {
    return `Gave up ${notifications} to ${printable(recipient)}.`;
  }
}

@Command({
  name: 'deliveries',
  description: 'notifications about revocations',
  subCommands: [ListDeliveriesCommand, RetryDeliveriesCommand, DropDeliveriesCommand],
})
export class DeliveriesCommand extends GroupCommand {
  protected readonly examples = ['deliveries list --state dead', 'deliveries retry shop'];
}
