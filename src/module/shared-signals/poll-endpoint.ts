import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { saidIn } from '../notifications/notification-post.js';
import { DeliveryError } from '../options/notification-sink.js';
import { isObject } from '../options/schema.js';
import { HeldEvents } from './held-events.js';
import { type Call, ownStream, type Reply, type Resource } from './management-call.js';
import { SecurityEvents, type Told } from './security-events.js';
import { type ResolvedSharedSignals, SHARED_SIGNALS_OPTIONS } from './shared-signals.options.js';
import { invalid, noStream } from './ssf-refusal.js';
import type { Stream } from './stream.entity.js';
import { Streams } from './streams.js';

/** Most events of an answer. */
const EVENTS_MAX = 100;
const ACKS_MAX = 500;
/** Time between two looks while a poll waits, in milliseconds. */
const LOOK_MS = 500;

/** Gives receivers that poll what their stream holds. @see RFC 8936 §2, §2.4 */
@Injectable()
export class PollEndpoint implements Resource, BeforeApplicationShutdown {
  readonly path = 'poll';
  readonly operations: Resource['operations'] = {
    POST: { access: 'read', answer: (call) => this.poll(call) },
  };
  private readonly waiting = new Map<string, AbortController>();
  private isStopping = false;

  constructor(
    @Inject(Streams) private readonly streams: Streams,
    @Inject(HeldEvents) private readonly held: HeldEvents,
    @Inject(SecurityEvents) private readonly events: SecurityEvents,
    @Inject(SHARED_SIGNALS_OPTIONS) private readonly signals: ResolvedSharedSignals,
  ) {}

  /** Answers polls that wait, before the server waits for them. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    for (const wait of this.waiting.values()) wait.abort();
  }

  private async poll(call: Call): Promise<Reply> {
    const { maxEvents, returnImmediately, ack, setErrs } = readPoll(call.body);
    const stream = await ownStream(this.streams, call, call.below);
    if (stream.endpointUrl !== null) throw noStream();
    await this.held.acknowledge(stream.id, ack);
    await this.held.reject(stream.id, setErrs);
    if (maxEvents === 0) return { status: 200, body: { sets: {} } };
    const isQuick = returnImmediately || this.signals.longPollMs === 0;
    const found = isQuick ? await this.look(stream, maxEvents) : await this.wait(call, stream, maxEvents);
    const sets = await Promise.all(found.slice(0, maxEvents).map((each) => this.signed(stream, each)));
    const more = found.length > maxEvents && { moreAvailable: true };
    return { status: 200, body: { sets: Object.fromEntries(sets.flat()), ...more } };
  }

  /** Returns nothing for an event that nobody can be told, and gives it up: it would hold up all that come after it. */
  private async signed(stream: Stream, told: Told): Promise<Array<[jti: string, set: string]>> {
    try {
      return [[told.id, await this.events.sign(stream, told, await this.events.recordOf(told))]];
    } catch (error) {
      if (!(error instanceof DeliveryError && error.isFinal)) throw error;
      await this.held.reject(stream.id, [[told.id, error.message]]);
      return [];
    }
  }

  /** Waits for events. Another poll of the same stream ends the wait. @see RFC 8936 §2.2 */
  private async wait({ ended }: Call, stream: Stream, max: number): Promise<Told[]> {
    this.waiting.get(stream.id)?.abort();
    const own = new AbortController();
    this.waiting.set(stream.id, own);
    const signal = AbortSignal.any([own.signal, ended]);
    const until = performance.now() + this.signals.longPollMs;
    try {
      for (;;) {
        const found = await this.look((await this.streams.find(stream.id)) ?? stream, max);
        const left = until - performance.now();
        if (found.length > 0 || left <= 0 || signal.aborted || this.isStopping) return found;
        await sleep(Math.min(LOOK_MS, left), undefined, { signal, ref: false }).catch(() => {});
      }
    } finally {
      if (this.waiting.get(stream.id) === own) this.waiting.delete(stream.id);
    }
  }

  private look({ id, status }: Stream, max: number): Promise<Told[]> {
    return this.held.of(id, max + 1, status !== 'enabled');
  }
}

/** @throws SsfRefusal @see RFC 8936 §2.2 */
function readPoll({ maxEvents = EVENTS_MAX, returnImmediately = false, ack = [], setErrs = {} }: Call['body']) {
  if (!Number.isSafeInteger(maxEvents) || Number(maxEvents) < 0) throw invalid('maxEvents must be a whole number');
  if (typeof returnImmediately !== 'boolean') throw invalid('returnImmediately must be true or false');
  const isList = Array.isArray(ack) && ack.length <= ACKS_MAX && ack.every((jti) => typeof jti === 'string');
  if (!isList) throw invalid(`ack must be a list of at most ${ACKS_MAX} values of jti`);
  const errors = isObject(setErrs) ? Object.entries(setErrs) : undefined;
  if (!errors || errors.length > ACKS_MAX || !errors.every(([, error]) => isObject(error)))
    throw invalid(`setErrs must be an object with at most ${ACKS_MAX} members, each an object`);
  return {
    maxEvents: Math.min(Number(maxEvents), EVENTS_MAX),
    returnImmediately,
    ack: ack as string[],
    setErrs: errors.map(([jti, error]) => [jti, saidIn(error as Record<string, unknown>)] as const),
  };
}
