import { createHash, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Revocation, UserLookupService } from 'nestjs-global-revocation';
import { Cli } from '../cli.js';
import type { FailureKind } from '../exit-codes.js';
import { asFailure, CommandFailure } from '../failure.js';
import { HostApp } from '../host-app.js';
import { readRecords } from '../read-records.js';
import { UserAdministration } from '../user-administration.js';
import type { ListedUser } from './list-of-users.js';
import { pacer } from './pacer.js';

/** How many users to work on at once: those of a shared transaction, and as many again who are looked up meanwhile. */
const AT_ONCE = 128;
/** Records that one statement looks for. */
const RECORDS_MAX = 500;

/** The result for a user in the list. */
export interface Outcome {
  line: number;
  result: 'revoked' | 'found' | FailureKind;
  subject?: string;
  /** Id of the record. */
  record?: string;
  message?: string;
}

/** How to revoke a list. */
export interface RunOptions {
  /** The id of each record is derived from this id, the line and its identifier. */
  id: string;
  reason: string;
  /** Only finds the users. */
  isDry: boolean;
  /** Maximum number of users per second. */
  rate: number;
}

/** Revokes users of a list, many at once, so that they share transactions. */
@Injectable()
export class BulkRun {
  constructor(
    @Inject(HostApp) private readonly host: HostApp,
    @Inject(Cli) private readonly cli: Cli,
    @Inject(UserAdministration) private readonly users: UserAdministration,
  ) {}

  /**
   * Returns who was revoked by an earlier part of this run.
   *
   * @throws CommandFailure if it revoked nobody: it is another run or another list
   */
  async earlier({ id }: RunOptions, list: readonly ListedUser[]): Promise<Outcome[]> {
    const lines = new Map(list.map((user) => [recordId(id, user), user.line]));
    const ids = [...lines.keys()];
    const earlier: Outcome[] = [];
    for (let i = 0; i < ids.length; i += RECORDS_MAX) {
      const where = { id: In(ids.slice(i, i + RECORDS_MAX)) };
      const records = await readRecords(this.host, (manager) =>
        manager.find(Revocation, { select: { id: true, subject: true }, where }),
      );
      for (const { id: record, subject } of records) {
        earlier.push({ line: lines.get(record)!, result: 'revoked', subject, record });
      }
    }
    if (earlier.length > 0) return earlier;
    throw new CommandFailure('not_found', `run ${id} revoked nobody in this list: omit --run to begin a new run`);
  }

  /**
   * Revokes users until all are done, the command is interrupted, or the database does not answer.
   *
   * @param told receives each result, in the order in which they happen
   */
  async revoke(run: RunOptions, list: readonly ListedUser[], told: (outcome: Outcome) => void): Promise<void> {
    const waiting = list.values();
    const inTurn = pacer(run.rate, this.cli.stop);
    let unavailable = 0; // in a row
    const work = async (): Promise<void> => {
      for (const user of waiting) {
        await inTurn();
        if (this.cli.stop.aborted || unavailable >= AT_ONCE) return;
        const outcome = await this.one(run, user);
        unavailable = outcome.result === 'unavailable' ? unavailable + 1 : 0;
        told(outcome);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  private async one({ id, reason, isDry }: RunOptions, user: ListedUser): Promise<Outcome> {
    const { line, identifier } = user;
    try {
      const found = await (await this.host.get(UserLookupService)).find(identifier);
      const { subject } = found;
      if (isDry) return { line, result: 'found', subject };
      const more = { recordId: recordId(id, user), requestId: id };
      const record = await this.users.revoke({ identifier, ...found }, 'cli', reason, more);
      return { line, result: 'revoked', subject, record };
    } catch (error) {
      const { kind, message } = asFailure(error, this.cli.name);
      return { line, result: kind, message };
    }
  }
}

export const newRunId = (): string => randomUUID();

/**
 * Returns the id of the record of a user in a run. It is the same when the run is continued, so that nobody is revoked twice. It depends
 * on the identifier, so that nobody is left out because lines were added.
 *
 * @see RFC 9562 §5.8
 */
function recordId(run: string, { line, subId }: ListedUser): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([run, line, subId]))
    .digest()
    .subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
