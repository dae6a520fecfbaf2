import { randomInt, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { DatabaseDeadline } from '../database/deadline.js';
import { sha256Hex } from '../database/digest.js';
import { isDriverError } from '../database/driver-errors.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { type SqlDialect, sqlDialect } from '../database/sql-dialect.js';
import { rowsOf, run } from '../database/statement.js';
import { urlBelow } from '../options/endpoint.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { subjectKey } from '../revocation/subject-epochs.js';
import { CAPACITY, REVOKED_INDEX } from './encoding.js';
import { ADD_INDEX, beginList, closeList, OF_CLIENTS, openList, type OpenList } from './statements.js';

/** How long tokens are issued for a list, in milliseconds. */
const OPEN_MS = 86_400_000;
/** How long a list is kept beyond the lifetime of its tokens, in milliseconds: requests in progress, clocks that differ. */
const MARGIN_MS = 600_000;
/** A list in which so many random indexes in a row are taken is about half full. */
const COLLISIONS = 16;

/** The claim `status` of a token. @see draft-ietf-oauth-status-list §6.1 @publicApi */
export interface StatusReference {
  /** Where the status of the token is. */
  status_list: {
    /** Index in the list. */
    idx: number;
    /** Address of the list. */
    uri: string;
  };
}

/** Which tokens share an index. */
interface Holder {
  subjectHash: string;
  audienceHash: string;
  epoch: number;
  clientId: string | null;
}

/** Gives JWTs an index in a status list, which APIs read to see that a token has ended. Needs the option `statusLists`. @publicApi */
@Injectable()
export class StatusLists {
  private readonly sql: SqlDialect;
  /** Number of indexes in a list. @internal */
  capacity = CAPACITY;

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'issuer' | 'statusLists'>,
  ) {
    this.sql = sqlDialect(dataSource);
  }

  /**
   * Returns the claim `status` for a token of a person. All tokens that inherit the same epoch share an index. If the user has been
   * revoked since, the index is one that has ended already.
   *
   * @param subject canonical account id
   * @param epoch that the token inherits: what `SubjectEpochs.epochForSignIn` returned **before** the first factor was checked, or
   *   the epoch of the credential that the token is made from; never the current epoch
   * @param options `audience` gives each audience its own index. Set it if `sub` differs between audiences, so that the index does
   *   not tell them that it is the same person
   * @throws RevocationError `unavailable` if the database does not answer
   * @throws Error without the option `statusLists`
   * @throws TypeError if `subject` is not a non-empty string
   */
  referenceFor(subject: string, epoch: number, { audience }: { audience?: string } = {}): Promise<StatusReference> {
    const audienceHash = audience === undefined ? '' : sha256Hex(audience);
    return this.reference({ subjectHash: subjectKey(subject), audienceHash, epoch, clientId: null });
  }

  /**
   * Returns the claim `status` for a client's own token. It ends while the client is disabled or unknown.
   *
   * @throws RevocationError `unavailable` if the database does not answer
   * @throws Error without the option `statusLists`
   */
  referenceForClient(clientId: string): Promise<StatusReference> {
    return this.reference({ subjectHash: OF_CLIENTS, audienceHash: sha256Hex(clientId), epoch: 0, clientId });
  }

  private async reference(holder: Holder): Promise<StatusReference> {
    const { issuer, statusLists } = this.options;
    if (!statusLists)
      throw new Error('there are no status lists: set the option `statusLists` of GlobalRevocationModule');
    const { list, idx } = await this.deadline.run(() =>
      onPrimary(this.dataSource, (manager) => this.indexOf(manager, holder, statusLists.tokenLifetimeSeconds * 1000)),
    );
    return { status_list: { idx, uri: urlBelow(issuer, `${statusLists.path}/${list}`) } };
  }

  /**
   * Reads the index after it was added, with whether it has ended: a revocation that comes later finds it. That of tokens which ended
   * before is added for nothing, and every node knows {@link REVOKED_INDEX}.
   */
  private async indexOf(
    manager: EntityManager,
    holder: Holder,
    lifetimeMs: number,
  ): Promise<{ list: string; idx: number }> {
    const { subjectHash, audienceHash, epoch, clientId } = holder;
    for (let collisions = 0; ;) {
      const [open] = await rowsOf<OpenList>(manager, openList(this.sql), [subjectHash, audienceHash, epoch]);
      if (open?.idx !== null && open !== undefined) {
        const hasEnded = clientId === null && Number(open.hasEnded) === 1;
        return { list: open.list, idx: hasEnded ? REVOKED_INDEX : open.idx };
      }
      if (!open) {
        const untilExpired = OPEN_MS + lifetimeMs + MARGIN_MS;
        await unlessTaken(run(manager, beginList(this.sql), [randomUUID(), OPEN_MS, untilExpired]));
        continue;
      }
      const idx = randomInt(REVOKED_INDEX + 1, this.capacity);
      const row = [open.list, idx, subjectHash, audienceHash, epoch, clientId];
      collisions = (await unlessTaken(run(manager, ADD_INDEX, row))) ? 0 : collisions + 1;
      if (collisions < COLLISIONS) continue;
      await run(manager, closeList(this.sql), [open.list]);
      collisions = 0;
    }
  }
}

/** @returns false if a unique key shows that another node was first */
const unlessTaken = async (insert: Promise<unknown>): Promise<boolean> => {
  try {
    await insert;
    return true;
  } catch (error) {
    if (isDriverError(error, 'duplicateKey')) return false;
    throw error;
  }
};
