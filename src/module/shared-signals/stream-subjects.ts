import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, In, IsNull, Not } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { subjectKey } from '../revocation/subject-epochs.js';
import { SESSION_REVOKED } from './event-types.js';
import { Stream } from './stream.entity.js';
import { StreamSubject } from './stream-subject.entity.js';

/** Knows which streams are about which users. @see OpenID.SSF §8.1.3 */
@Injectable()
export class StreamSubjects {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /** Adds users to a stream or removes them. */
  async set(streamId: string, subjects: readonly string[], isAdded: boolean): Promise<void> {
    const rows = subjects.map((subject) => ({ streamId, subjectHash: subjectKey(subject), isAdded: isAdded ? 1 : 0 }));
    const keys = ['streamId', 'subjectHash'];
    await this.deadline.run(() => onPrimary(this.dataSource, (manager) => manager.upsert(StreamSubject, rows, keys)));
  }

  /** Returns the streams that are told about the revocation of these users, with the users of each. */
  async streamsOf(subjects: readonly string[]): Promise<Array<{ id: string; subject: string }>> {
    if (subjects.length === 0) return [];
    const subjectHash = In(subjects.map(subjectKey));
    const [streams, chosen] = await onPrimary(this.dataSource, async (manager) => [
      await manager.findBy(Stream, { deletedAt: IsNull(), status: Not('disabled') }),
      await manager.findBy(StreamSubject, { subjectHash }),
    ]);
    const choices = new Map(chosen.map((row) => [`${row.streamId} ${row.subjectHash}`, row.isAdded === 1]));
    const isTold = ({ id, defaultSubjects }: Stream, subject: string): boolean =>
      choices.get(`${id} ${subjectKey(subject)}`) ?? defaultSubjects === 'ALL';
    return streams
      .filter(({ eventsRequested }) => (JSON.parse(eventsRequested ?? '[]') as string[]).includes(SESSION_REVOKED))
      .flatMap((stream) =>
        subjects.filter((subject) => isTold(stream, subject)).map((subject) => ({ id: stream.id, subject })),
      );
  }
}
