import { Inject, Injectable } from '@nestjs/common';
import { RevocationError } from '../revocation.errors.js';
import { parseSubjectIdentifier } from '../subject/subject-identifier.js';
import { UserDirectory } from '../subject/user-directory.js';
import { UserLookupService } from '../subject/user-lookup.service.js';
import { type Call, ownStream, type Resource, streamIdIn } from './management-call.js';
import { StreamSubjects } from './stream-subjects.js';
import { Streams } from './streams.js';

/** Lets receivers say whom their stream is about. A user whom they may not name is answered like any other. @see OpenID.SSF §8.1.3 */
@Injectable()
export class SubjectEndpoints {
  /** @see OpenID.SSF §8.1.3.2, §8.1.3.3 */
  readonly resources: readonly Resource[] = [this.resource('add', 200), this.resource('remove', 204)];

  constructor(
    @Inject(Streams) private readonly streams: Streams,
    @Inject(StreamSubjects) private readonly subjects: StreamSubjects,
    @Inject(UserLookupService) private readonly users: UserLookupService,
    @Inject(UserDirectory) private readonly directory: UserDirectory,
  ) {}

  private resource(action: 'add' | 'remove', status: number): Resource {
    const answer = async (call: Call) => {
      await this.set(call, action === 'add');
      return { status };
    };
    return { path: `subjects/${action}`, operations: { POST: { access: 'manage', answer } } };
  }

  private async set(call: Call, isAdded: boolean): Promise<void> {
    const identifier = parseSubjectIdentifier(call.body['subject'], this.directory);
    const { id } = await ownStream(this.streams, call, streamIdIn(call.body));
    try {
      const { subject, deleted = [] } = await this.users.find(identifier, call.receiver.restrictions);
      await this.subjects.set(id, [subject, ...deleted], isAdded);
    } catch (error) {
      // Otherwise receivers could find out who has an account
      if (!(error instanceof RevocationError) || error.status >= 500) throw error;
    }
  }
}
