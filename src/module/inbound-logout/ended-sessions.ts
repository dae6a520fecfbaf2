import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { UsedAssertions } from '../caller/assertion/used-assertions.js';
import type { CallerAssertion } from '../caller/caller.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { isDriverError } from '../database/driver-errors.js';
import { inTransaction, onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { rowsOf, run } from '../database/statement.js';
import { subjectKey } from '../revocation/subject-epochs.js';
import { endedSession, type UpstreamSession, upstreamKey } from '../revocation/upstream-session.js';

interface Ending {
  session: UpstreamSession;
  /** Account id, if the logout token named the user: credentials of others stay live. */
  subject?: string | undefined;
  /** Id of the identity provider. */
  endedBy: string;
  assertion: CallerAssertion;
}

/** Ends sessions at upstream identity providers. */
@Injectable()
export class EndedSessions {
  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(UsedAssertions) private readonly assertions: UsedAssertions,
  ) {}

  /**
   * Ends everything that came from the session, also what is being created. Repeating it changes nothing.
   *
   * @throws RevocationError `assertionReplayed`, `unavailable`
   */
  async end({ session, subject, endedBy, assertion }: Ending): Promise<void> {
    const { now, onConflict } = sqlDialect(this.dataSource);
    const insert = `INSERT INTO gtr_ended_session (upstream_hash, subject_hash, ended_at, ended_by) VALUES (?, ?, ${now}, ?)`;
    const statement = `${insert} ${onConflict('upstream_hash, subject_hash', ['ended_at = gtr_ended_session.ended_at'])}`;
    const values = [upstreamKey(session), subject === undefined ? '' : subjectKey(subject), endedBy];
    await this.deadline.run(async () => {
      try {
        await inTransaction(this.dataSource, async (manager) => {
          await this.assertions.use(manager, assertion, randomUUID());
          await run(manager, statement, values);
        });
      } catch (error) {
        if (!isDriverError(error, 'duplicateKey')) throw error;
        await this.assertions.earlierUse(assertion);
      }
    });
  }

  /**
   * Returns whether one of these sessions has ended for its user. Reads the database only if there are any.
   *
   * @param sessions their keys, by key of the user
   * @throws RevocationError `unavailable`
   */
  async haveEnded(sessions: ReadonlyMap<string, string>): Promise<boolean> {
    if (sessions.size === 0) return false;
    const statement = [...sessions].map(() => endedSession('?', '?')).join(' UNION ALL ');
    const values = [...sessions].flatMap(([subject, upstream]) => [upstream, subject]);
    const read = () => onPrimary(this.dataSource, (manager) => rowsOf(manager, statement, values));
    return (await this.deadline.run(read)).length > 0;
  }
}
