import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Canaries } from './canaries.js';

/** A line of the log of a test server. */
export type LogLine = Record<string, unknown> & { message: string };

/** How long lines of requests that were just cut may take, in milliseconds. */
const PATIENCE = 2000;

/** The log of a test server in memory, held to what a log must be. */
export class LogCapture {
  readonly lines: LogLine[] = [];
  private readonly canaries = new Canaries();
  /** Requests whose answer is complete, or whose connection is gone. */
  private ended = 0;

  /** One line of JSON, which it must be. */
  write(text: string): void {
    this.lines.push(JSON.parse(text) as LogLine);
  }

  /** Lines of requests. */
  get requests(): LogLine[] {
    return this.lines.filter(({ 'event.action': action }) => String(action).endsWith('-request'));
  }

  /** Counts the requests to this server, and notes what in them must not be seen in a log. */
  watch(server: Server): void {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      const [sent, answered]: [Buffer[], Buffer[]] = [[], []];
      const emit = request.emit.bind(request) as (...args: unknown[]) => boolean;
      request.emit = (...args: unknown[]) => (args[0] === 'data' && keep(sent, args[1]), emit(...args));
      const write = response.write.bind(response) as (...args: unknown[]) => boolean;
      const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
      response.write = (...args: unknown[]) => (keep(answered, args[0]), write(...args));
      response.end = (...args: unknown[]) => (keep(answered, args[0]), end(...args));
      response.once('close', () => {
        this.canaries.takeFromRequest(request, Buffer.concat(sent).toString());
        this.canaries.takeFromResponse(response, Buffer.concat(answered).toString());
        this.ended += 1;
      });
    });
  }

  /** What is wrong with the log of a server that has stopped. */
  async problems(): Promise<string[]> {
    for (const late = Date.now() + PATIENCE; this.requests.length < this.ended && Date.now() < late;) await sleep(10);
    const count = this.requests.length;
    const values = this.lines.flatMap(({ '@timestamp': _time, ...line }) => textsIn(line));
    return [
      ...(count === this.ended ? [] : [`${this.ended} requests have ${count} lines`]),
      ...this.canaries.in([...new Set(values)].join('\n')).map((canary) => `the log shows ${canary}`),
    ];
  }
}

function keep(chunks: Buffer[], chunk: unknown): void {
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
}

/** Every name and value in it, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}
