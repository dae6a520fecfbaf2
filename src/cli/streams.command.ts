import { readFileSync } from 'node:fs';
import { Command, Option, SubCommand } from 'nest-commander';
import { type ListedStream, OperatorStreams, type StreamStatus } from 'nestjs-global-revocation/shared-signals';
import { type Answer, CliCommand, type CommonOptions } from './cli.command.js';
import { CommandFailure, InvalidValue } from './failure.js';
import { GroupCommand } from './group.command.js';
import { streamFacts, streamJson, streamTable } from './stream-text.js';
import { printable } from './terminal-text.js';

const NOT_SET_UP =
  'Shared Signals is not set up: import SharedSignalsModule in the module that you give to the command line (reference server: set GTR_SHARED_SIGNALS=on)';

const argument = { arguments: '<id>', argsDescription: { id: 'id of the stream, or its first characters' } };

abstract class StreamCommand<Options extends CommonOptions = CommonOptions> extends CliCommand<Options> {
  /** @throws CommandFailure if the application has no Shared Signals */
  protected async streams(): Promise<OperatorStreams> {
    const streams = await this.host.find(OperatorStreams);
    if (!streams) throw new CommandFailure('failed', NOT_SET_UP);
    return streams;
  }

  /** Returns the one stream whose id begins with a text. @throws CommandFailure */
  protected async stream(id: string): Promise<ListedStream> {
    const found = (await (await this.streams()).all()).filter((each) => id !== '' && each.id.startsWith(id));
    const [only, another] = found;
    if (!only) throw new CommandFailure('not_found', `no stream has the id '${printable(id)}'; see \`streams list\``);
    if (another)
      throw new CommandFailure('refused', `several streams begin with '${printable(id)}'; give more characters`);
    return only;
  }
}

@SubCommand({
  name: 'list',
  description: 'show every stream, whoever created it, and how many of its events are pending or were given up',
})
class ListStreamsCommand extends StreamCommand {
  protected override readonly examples = ['streams list', 'streams list --json'];

  protected async answer(): Promise<Answer> {
    const streams = await (await this.streams()).all();
    const sorted = streams.toSorted((a, b) => a.createdAt - b.createdAt);
    return { json: sorted.map(streamJson), text: streamTable(sorted, this.cli.columns) };
  }
}

@SubCommand({ name: 'show', ...argument, description: 'show all details of a stream, without secrets' })
class ShowStreamCommand extends StreamCommand {
  protected override readonly examples = ['streams show 3f2a9c41'];

  protected async answer([id = '']: string[]): Promise<Answer> {
    const stream = await this.stream(id);
    return { json: streamJson(stream), text: streamFacts(stream) };
  }
}

interface CreateOptions extends CommonOptions {
  url: string;
  audience: string;
  authorizationFile?: string;
  description?: string;
}

@SubCommand({
  name: 'create',
  arguments: '<name>',
  argsDescription: { name: 'name that you choose for the receiver' },
  description: 'push session-revoked events about every user to a receiver that cannot create a stream itself',
})
class CreateStreamCommand extends StreamCommand<CreateOptions> {
  protected override readonly examples = [
    'streams create siem --url https://siem.example.com/events --audience https://siem.example.com',
    'streams create siem --url https://siem.example.com/events --audience siem --authorization-file token.txt',
  ];

  protected async answer([name = '']: string[], options: CreateOptions): Promise<Answer> {
    const { url, audience, authorizationFile: authorization, description } = options;
    const wanted = { name, url, audience, authorization, description };
    const id = await (await this.streams()).create(this.cli.operator, wanted).catch((error: unknown) => {
      throw error instanceof TypeError ? new CommandFailure('usage', error.message) : error;
    });
    return {
      json: { id, receiver: name },
      text: `Created stream ${id}: ${printable(name)} is told about revocations from now on`,
    };
  }

  @Option({ flags: '--url <url>', description: 'https URL to which events are pushed', required: true })
  protected parseUrl(text: string): string {
    return text;
  }

  @Option({ flags: '--audience <text>', description: 'aud of the events, as the receiver expects it', required: true })
  protected parseAudience(text: string): string {
    return text;
  }

  @Option({ flags: '--authorization-file <file>', description: 'file with the value of the header Authorization' })
  protected parseAuthorizationFile(file: string): string {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw new InvalidValue((error as Error).message);
    }
  }

  @Option({ flags: '--description <text>', description: 'note for operators' })
  protected parseDescription(text: string): string {
    return text;
  }
}

interface StatusOptions extends CommonOptions {
  reason?: string;
}

abstract class StreamStatusCommand extends StreamCommand<StatusOptions> {
  protected abstract readonly status: StreamStatus;
  protected abstract inWords(receiver: string): string;

  protected async answer([id = '']: string[], { reason = '' }: StatusOptions): Promise<Answer> {
    const stream = await this.stream(id);
    await (await this.streams()).setStatus(this.cli.operator, stream.id, this.status, reason);
    return { json: { id: stream.id, status: this.status }, text: this.inWords(printable(stream.receiver)) };
  }

  @Option({ flags: '--reason <text>', description: 'reason to send to the receiver' })
  protected parseReason(text: string): string {
    return text;
  }
}

@SubCommand({
  name: 'pause',
  ...argument,
  description: 'pause a stream and hold its events; its receiver cannot resume it',
})
class PauseStreamCommand extends StreamStatusCommand {
  protected readonly status = 'paused';
  protected override readonly examples = ["streams pause 3f2a9c41 --reason 'maintenance'"];

  protected inWords(receiver: string): string {
    return `The stream to ${receiver} is paused and holds its events.`;
  }
}

@SubCommand({ name: 'resume', ...argument, description: 'resume a stream, and send the events that it holds' })
class ResumeStreamCommand extends StreamStatusCommand {
  protected readonly status = 'enabled';
  protected override readonly examples = ['streams resume 3f2a9c41'];

  protected inWords(receiver: string): string {
    return `The stream to ${receiver} is enabled.`;
  }
}

@SubCommand({ name: 'delete', ...argument, description: 'delete a stream and the events that it holds' })
class DeleteStreamCommand extends StreamCommand {
  protected override readonly examples = ['streams delete 3f2a9c41'];

  protected async answer([id = '']: string[]): Promise<Answer> {
    const stream = await this.stream(id);
    await (await this.streams()).delete(this.cli.operator, stream.id);
    return { json: { id: stream.id, deleted: true }, text: `The stream to ${printable(stream.receiver)} is deleted.` };
  }
}

@Command({
  name: 'streams',
  description: 'manage the event streams of Shared Signals',
  subCommands: [
    ListStreamsCommand,
    ShowStreamCommand,
    CreateStreamCommand,
    PauseStreamCommand,
    ResumeStreamCommand,
    DeleteStreamCommand,
  ],
})
export class StreamsCommand extends GroupCommand {
  protected readonly examples = ['streams list', 'streams pause 3f2a9c41'];
}
