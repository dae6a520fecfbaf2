import { Inject, Injectable } from '@nestjs/common';
import { type Call, ownStream, type Reply, type Resource, streamIdIn } from './management-call.js';
import { type ResolvedSharedSignals, SHARED_SIGNALS_OPTIONS } from './shared-signals.options.js';
import { invalid, SsfRefusal } from './ssf-refusal.js';
import { Streams } from './streams.js';

const STATE_MAX = 2048;

/** Sends a verification over a stream when its receiver asks for one. @see OpenID.SSF §8.1.4.2 */
@Injectable()
export class VerificationEndpoint implements Resource {
  readonly path = 'verify';
  readonly operations: Resource['operations'] = {
    POST: { access: 'manage', answer: (call) => this.verify(call) },
  };

  constructor(
    @Inject(Streams) private readonly streams: Streams,
    @Inject(SHARED_SIGNALS_OPTIONS) private readonly signals: ResolvedSharedSignals,
  ) {}

  private async verify(call: Call): Promise<Reply> {
    const { minVerificationSeconds: seconds } = this.signals;
    const { state } = call.body;
    const isState = state === undefined || (typeof state === 'string' && state.length <= STATE_MAX);
    if (!isState) throw invalid(`state must be a string of at most ${STATE_MAX} characters`);
    const { id } = await ownStream(this.streams, call, streamIdIn(call.body));
    if (await this.streams.verify(id, seconds, state === undefined ? {} : { state })) return { status: 204 };
    const text = `a stream can be verified only once every ${seconds} seconds (min_verification_interval)`;
    throw new SsfRefusal(429, 'temporarily_unavailable', text, seconds);
  }
}
