import { Inject, Injectable } from '@nestjs/common';
import { type Call, ownStream, type Reply, type Resource, streamIdIn } from './management-call.js';
import { invalid, SsfRefusal } from './ssf-refusal.js';
import type { Stream, StreamStatus } from './stream.entity.js';
import { Streams } from './streams.js';

const STATUSES: readonly StreamStatus[] = ['enabled', 'paused', 'disabled'];

const shown = ({ id, status, reason }: Pick<Stream, 'id' | 'status' | 'reason'>) => ({
  stream_id: id,
  status,
  ...(reason !== '' && { reason }),
});

/** Lets receivers pause, disable and enable their stream. @see OpenID.SSF §8.1.2 */
@Injectable()
export class StatusEndpoint implements Resource {
  readonly path = 'status';
  readonly operations: Resource['operations'] = {
    GET: { access: 'read', answer: (call) => this.read(call) },
    POST: { access: 'manage', answer: (call) => this.update(call) },
  };

  constructor(@Inject(Streams) private readonly streams: Streams) {}

  /** @see OpenID.SSF §8.1.2.1 */
  private async read(call: Call): Promise<Reply> {
    return { status: 200, body: shown(await ownStream(this.streams, call, call.query.get('stream_id'))) };
  }

  /** @see OpenID.SSF §8.1.2.2 */
  private async update(call: Call): Promise<Reply> {
    const { status: wanted, reason = '' } = call.body;
    const status = STATUSES.find((each) => each === wanted);
    if (!status) throw invalid(`status must be ${STATUSES.join(', ')}`);
    if (typeof reason !== 'string') throw invalid('reason must be a string');
    const { id } = await ownStream(this.streams, call, streamIdIn(call.body));
    if (await this.streams.setStatus(id, status, reason)) return { status: 200, body: shown({ id, status, reason }) };
    throw new SsfRefusal(403, 'access_denied', 'an operator has set the status of this stream');
  }
}
