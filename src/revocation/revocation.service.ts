import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { isDuplicateKey } from '../database/transient.js';
import { RevocationError } from '../revocation.errors.js';
import { insertRevocation } from './revocation-insert.js';
import { SubjectEpochs, subjectKey } from './subject-epochs.js';

/** What is known about why a user is revoked; kept in the {@link Revocation} record. */
export interface RevocationContext {
  /** Who asks: client id, operator or name of the host's own component. At most 255 characters. */
  actor: string;
  /** Why, e.g. `password changed`. At most 255 characters. */
  reason?: string;
  /** How the actor authenticated. @default 'in_process' */
  method?: string;
  /** `format` of the identifier that named the user. */
  format?: string;
  /** How many users the identifier matched. @default 1 */
  matched?: number;
  /** Address the request came from. @default '' */
  sourceIp?: string;
}

const SUBJECT_MAX = 255;

/** Ends everything a user has. */
@Injectable()
export class RevocationService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(SubjectEpochs) private readonly epochs: SubjectEpochs,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /**
   * Ends all tokens and sessions of a user: raises the epoch and writes the record in one transaction. When the promise
   * resolves, both are committed; the cost does not depend on how much the user has.
   *
   * @param subject canonical account id (`sub`), 1 to 255 characters
   * @returns id of the {@link Revocation} record
   * @throws RevocationError `notRevocable` for an impossible subject, `unavailable` when the database does not answer; the
   *   revocation may have happened then, and calling again is safe
   */
  async revoke(subject: string, context: RevocationContext): Promise<string> {
    if (typeof subject !== 'string' || subject === '' || subject.length > SUBJECT_MAX) {
      throw new RevocationError('notRevocable');
    }
    const id = randomUUID();
    await this.deadline.run(async () => {
      try {
        await this.dataSource.transaction((manager) => this.write(manager, id, subject, context));
      } catch (error) {
        // The COMMIT of an earlier try was answered to nobody: the record is there, so the epoch was raised with it.
        if (!isDuplicateKey(error)) throw error;
      }
    });
    return id;
  }

  private async write(manager: EntityManager, id: string, subject: string, context: RevocationContext): Promise<void> {
    await this.epochs.raise(manager, subject);
    await insertRevocation(manager, {
      id,
      subject,
      subjectHash: subjectKey(subject),
      actor: context.actor.slice(0, SUBJECT_MAX),
      method: context.method ?? 'in_process',
      format: context.format ?? '',
      matched: context.matched ?? 1,
      sourceIp: context.sourceIp ?? '',
      reason: (context.reason ?? '').slice(0, SUBJECT_MAX),
      createdAt: Date.now(),
      sessions: 0,
      tokens: 0,
      completedAt: null,
    });
  }
}
