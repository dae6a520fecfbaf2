import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { inTransaction } from '../database/primary.js';
import { recordedTexts } from '../database/recorded-text.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { Change } from './change.entity.js';

export type Intention = Pick<Change, 'actor' | 'action' | 'target'>;

/** State of the target before and after, in words, without secrets. */
export type Outcome = Pick<Change, 'before' | 'after'>;

/** Thrown if a change is not possible in the current state. The message says why and what to do instead. @publicApi */
export class ChangeRefusal extends Error {
  constructor(
    /** `not_found`: no such target; `conflict`: the current state does not allow the change. */
    readonly reason: 'not_found' | 'conflict',
    message: string,
  ) {
    super(message);
    this.name = 'ChangeRefusal';
  }
}

/** Makes operators' changes together with their records. @publicApi */
@Injectable()
export class OperatorChanges {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /**
   * Makes a change and its record in one transaction. If a COMMIT got no answer, a retry does not make the change
   * twice.
   *
   * @param change makes the change; runs again in a new transaction after a transient error
   * @param deadline for changes that take longer than other statements
   * @param isolation level of the transaction. @default that of the connection
   * @throws ChangeRefusal of `change`; nothing was changed
   * @throws RevocationError `unavailable` if the database does not answer
   */
  async make(
    intention: Intention,
    change: (manager: EntityManager) => Promise<Outcome>,
    deadline = this.deadline,
    isolation?: Parameters<typeof inTransaction>[2],
  ): Promise<void> {
    const id = randomUUID();
    let tries = 0;
    const once = async (manager: EntityManager): Promise<void> => {
      tries += 1;
      if (tries > 1 && (await manager.existsBy(Change, { id }))) return;
      const outcome = await change(manager);
      const said = recordedTexts(this.dataSource.getMetadata(Change), { ...intention, ...outcome });
      await manager.insert(Change, { id, createdAt: Date.now(), ...said });
    };
    try {
      await deadline.run(() => inTransaction(this.dataSource, once, isolation));
    } catch (error) {
      throw error instanceof Error && error.cause instanceof ChangeRefusal ? error.cause : error;
    }
  }
}
