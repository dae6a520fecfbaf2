import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { Change } from './change.entity.js';

/** Who changes what. */
export type Intention = Pick<Change, 'actor' | 'action' | 'target'>;

/** How the target stood before and stands since, in words and without secrets. */
export type Outcome = Pick<Change, 'before' | 'after'>;

/** A change that cannot be made as things stand; the message says why, and what to do instead. @publicApi */
export class ChangeRefusal extends Error {
  constructor(
    /** `not_found`: there is no such target; `conflict`: it stands otherwise than the change needs. */
    readonly reason: 'not_found' | 'conflict',
    message: string,
  ) {
    super(message);
    this.name = 'ChangeRefusal';
  }
}

/** Changes that operators make leave a record. @publicApi */
@Injectable()
export class OperatorChanges {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /**
   * Makes a change and its record in one transaction. A try whose COMMIT was answered to nobody is not made again.
   *
   * @param change makes the change; run again after a passing fault, in a new transaction
   * @param deadline for what takes longer than other statements
   * @throws ChangeRefusal of `change`: nothing has happened then
   * @throws RevocationError `unavailable` when the database does not answer
   */
  async make(
    intention: Intention,
    change: (manager: EntityManager) => Promise<Outcome>,
    deadline = this.deadline,
  ): Promise<void> {
    const id = randomUUID();
    let tries = 0;
    const once = async (manager: EntityManager): Promise<void> => {
      tries += 1;
      if (tries > 1 && (await manager.existsBy(Change, { id }))) return;
      const outcome = await change(manager);
      await manager.insert(Change, { id, createdAt: Date.now(), ...intention, ...outcome });
    };
    try {
      await deadline.run(() => this.dataSource.transaction(once));
    } catch (error) {
      throw error instanceof Error && error.cause instanceof ChangeRefusal ? error.cause : error;
    }
  }
}
