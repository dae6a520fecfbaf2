import { Inject, Injectable } from '@nestjs/common';
import { type DataSource, LessThan } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { deleteSome } from '../database/delete-some.js';
import { sha256Hex } from '../database/digest.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { marks, rowsOf, run } from '../database/statement.js';
import { EVERYBODY_REALM } from '../options/revocation-listener.js';
import type { LiveCounts, SweepBatch, SweepTarget } from '../revocation/sweep/revocation-sweep.js';
import { liveEpoch } from '../revocation/live-epoch.js';
import { subjectKey } from '../revocation/subject-epochs.js';
import { Participant } from './participant.entity.js';

/** How long a participant is known after its credentials, in milliseconds. */
const KEPT_MS = 86_400_000;
/** Times are rounded up to this, so that a session that is extended with each request is seldom written. */
const STEP_MS = 3_600_000;
/** Participants that this process need not write again. */
const KNOWN_MAX = 10_000;
const PAGE = 500;
/** Users of a realm at once, each with a few participants. */
const USERS_PAGE = 200;

/** 1 or 0, because the condition is null for users without an epoch. */
const HAS_ENDED = `CASE WHEN ${liveEpoch('p.epoch', 'p.subject_hash')} THEN 0 ELSE 1 END`;

const WHO = 'p.subject, p.client_id AS "clientId"';

const ENDED = `SELECT p.id, ${WHO} FROM gtr_participant p WHERE p.id > ? AND ${HAS_ENDED} = 1 ORDER BY p.id LIMIT ${PAGE}`;

const USERS = `SELECT e.subject_hash AS "key" FROM gtr_subject_epoch e
  WHERE e.realm_hash = ? AND e.subject_hash > ? ORDER BY e.subject_hash LIMIT ${USERS_PAGE}`;

/** A relying party at which sessions of a user have ended. */
interface Ended {
  subject: string;
  clientId: string;
}

export interface EndedPage {
  ended: Ended[];
  /** What to ask for the next page with; undefined after the last one. */
  next: string | undefined;
}

/** A relying party that receives a credential of a user. @publicApi */
export interface NewParticipant {
  /** Account id of the user. */
  subject: string;
  clientId: string;
  /** `sid` of its ID token. @default '' */
  sid?: string | undefined;
  /** Epoch that the credential carries. */
  epoch: number;
  /** UTC epoch milliseconds at which the credential expires. */
  expiresAt: number;
}

/** Sessions of one user at one relying party. */
export interface Sessions {
  /** Session ids that a revocation has ended. */
  ended: string[];
  /** Whether the user has signed in there after the last revocation. */
  hasNewer: boolean;
}

/** Remembers which relying parties have sessions of a user. @publicApi */
@Injectable()
export class Participants implements SweepTarget {
  private readonly known = new Map<string, number>();

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {}

  /**
   * Remembers a relying party. Call it before the credential is stored. Repeating it costs at most one statement an hour.
   *
   * @throws RevocationError `unavailable` if the database does not answer
   */
  async remember({ subject, clientId, sid = '', epoch, expiresAt }: NewParticipant): Promise<void> {
    const id = sha256Hex(JSON.stringify([subject, clientId, sid, epoch]));
    const until = Math.ceil(expiresAt / STEP_MS) * STEP_MS;
    if ((this.known.get(id) ?? -Infinity) >= until) return;
    const { onConflict, greatest, incoming } = sqlDialect(this.dataSource);
    const longer = `expires_at = ${greatest('gtr_participant.expires_at', incoming('expires_at'))}`;
    const insert = `INSERT INTO gtr_participant (id, subject_hash, subject, client_id, sid, epoch, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?) ${onConflict('id', [longer])}`;
    // PostgreSQL has no text with NUL
    const values = [id, subjectKey(subject), subject.replaceAll('\0', '\uFFFD'), clientId, sid, epoch, until + KEPT_MS];
    await this.deadline.run(() => onPrimary(this.dataSource, (manager) => run(manager, insert, values)));
    if (this.known.size >= KNOWN_MAX) this.known.clear();
    this.known.set(id, until);
  }

  /** Returns the relying parties at which a revoked user has sessions that have ended. */
  async endedOf(subject: string): Promise<string[]> {
    const sql = `SELECT DISTINCT p.client_id AS "clientId" FROM gtr_participant p WHERE p.subject_hash = ? AND ${HAS_ENDED} = 1`;
    const rows = await onPrimary(this.dataSource, (manager) =>
      rowsOf<{ clientId: string }>(manager, sql, [subjectKey(subject)]),
    );
    return rows.map(({ clientId }) => clientId);
  }

  /**
   * Returns a page of the participants with sessions that have ended: of all users, or of the users of a realm.
   *
   * @param realm that was revoked
   * @param after `next` of the page before
   */
  async ended(realm: string, after = ''): Promise<EndedPage> {
    return onPrimary(this.dataSource, async (manager) => {
      if (realm === EVERYBODY_REALM) {
        const ended = await rowsOf<Ended & { id: string }>(manager, ENDED, [after]);
        return { ended, next: ended.at(-1)?.id };
      }
      const keys = (await rowsOf<{ key: string }>(manager, USERS, [sha256Hex(realm), after])).map(({ key }) => key);
      if (keys.length === 0) return { ended: [], next: undefined };
      const sql = `SELECT DISTINCT ${WHO} FROM gtr_participant p WHERE p.subject_hash IN (${marks(keys)}) AND ${HAS_ENDED} = 1`;
      return { ended: await rowsOf<Ended>(manager, sql, keys), next: keys.at(-1) };
    });
  }

  /** Returns the sessions of a revoked user at a relying party, compared with the current epoch. */
  async sessions(subject: string, clientId: string): Promise<Sessions> {
    const sql = `SELECT p.sid, ${HAS_ENDED} AS "hasEnded" FROM gtr_participant p WHERE p.subject_hash = ? AND p.client_id = ?`;
    const rows = await onPrimary(this.dataSource, (manager) =>
      rowsOf<{ sid: string; hasEnded: string | number }>(manager, sql, [subjectKey(subject), clientId]),
    );
    const sidsOf = (hasEnded: boolean): Set<string> =>
      new Set(rows.filter((row) => (Number(row.hasEnded) === 1) === hasEnded).map(({ sid }) => sid));
    const newer = sidsOf(false);
    const ended = [...sidsOf(true)].filter((sid) => sid !== '' && !newer.has(sid));
    return { ended, hasNewer: newer.size > 0 };
  }

  /** What ended is not theirs to count. */
  count(): Promise<LiveCounts> {
    return Promise.resolve({});
  }

  /** Participants outlive what a revocation ends, so that they can be told. */
  sweep(): Promise<SweepBatch> {
    return Promise.resolve({ sessions: 0, tokens: 0, isDone: true });
  }

  /** Deletes those whose time was over before `before`. @returns their number */
  purge(before: number, limit: number): Promise<number> {
    return deleteSome(this.dataSource, Participant, 'id', { expiresAt: LessThan(before) }, limit);
  }
}
