import { setImmediate } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ClientRegistry } from '../caller/clients/client-registry.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { onPrimary } from '../database/primary.js';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { sqlDialect } from '../database/sql-dialect.js';
import { rowsOf } from '../database/statement.js';
import { EVERYBODY } from '../revocation/live-epoch.js';
import { CAPACITY, emptyBits, setBit } from './encoding.js';
import { NewLists } from './new-lists.js';
import {
  type ClientIndexRow,
  CLIENTS,
  type CurrentList,
  currentLists,
  ENDED,
  ENDED_OF_USERS,
  ENDED_SINCE,
  type IndexRow,
  lastOfUsers,
  REALMS,
  type RealmRow,
} from './statements.js';

/** Shortest time between two refreshes, in milliseconds. */
const REFRESH_MS = 1000;
/** Time after a refresh in which the next one needs to look at the last revocations only, in milliseconds. */
const RECENT_MS = 60_000;
/** How far back it looks: transactions that last, nodes whose clocks differ. */
const LOOK_BACK_MS = 2 * RECENT_MS;
/** Time between two reads of everything, in milliseconds. */
const FULL_MS = 300_000;
/** Numbers of indexes, or of users, that one statement may read. */
const [PART_MIN, PART_MAX] = [2 ** 12, 2 ** 17];
/** Longest time that a statement should take, in milliseconds: SQLite's driver holds up everything else for so long. */
const PART_MS = 100;
/** Number of clients that are looked up at once. */
const CLIENTS_AT_ONCE = 100;

/** The bits of a list in this process. */
export interface ListState {
  readonly bits: Uint8Array;
  /** How often they changed. */
  version: number;
}

/** All lists, and how old they are. */
export interface ListsState {
  readonly lists: ReadonlyMap<string, ListState>;
  /** UTC epoch milliseconds at which reading them began. */
  readonly asOf: number;
}

/**
 * Keeps the bits of all lists, and reads the database only when somebody asks for a list, at most once a second. The bit of a person
 * never returns to 0, because epochs only rise; so every read only adds bits.
 */
@Injectable()
export class ListStates {
  private readonly lists = new Map<string, ListState>();
  private readonly newLists = new NewLists(async () => (await this.readLists()).map(({ list }) => list));
  private running: Promise<void> | undefined;
  private realmEpochs: string | undefined;
  /** Epoch of each realm, and of everybody. */
  private realms: ReadonlyMap<string, string> = new Map();
  private asOf = 0;
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private fullAt = Number.NEGATIVE_INFINITY;

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
    @Inject(ClientRegistry) private readonly clients: ClientRegistry,
  ) {}

  /**
   * Returns the lists as they were at most one second ago.
   *
   * @param wanted id of a list that is among them if it existed when it was asked for: another node may have begun it since the
   *   last read
   * @throws RevocationError `unavailable` if the database does not answer
   */
  async current(wanted?: string): Promise<ListsState> {
    if (this.running || performance.now() - this.refreshedAt >= REFRESH_MS) await this.refreshOnce();
    if (wanted !== undefined && !this.lists.has(wanted) && (await this.newLists.include(wanted))) {
      await this.running?.catch(() => {}); // it may have begun before the list
      if (!this.lists.has(wanted)) await this.refreshOnce();
    }
    return { lists: this.lists, asOf: this.asOf };
  }

  private refreshOnce(): Promise<void> {
    this.running ??= this.refresh().finally(() => (this.running = undefined));
    return this.running;
  }

  private readLists(): Promise<CurrentList[]> {
    return this.read<CurrentList>(currentLists(sqlDialect(this.dataSource)));
  }

  private async refresh(): Promise<void> {
    const [startedAt, asOf] = [performance.now(), Date.now()];
    const found = await this.readLists();
    const realmEpochs = String(found[0]?.realmEpochs);
    const realms = realmEpochs === this.realmEpochs ? this.realms : await this.readRealms();
    this.keepOnly(new Set(found.map(({ list }) => list)));
    const revoked = [...realms.keys()].filter((realm) => realms.get(realm) !== (this.realms.get(realm) ?? '0'));
    if (startedAt - this.refreshedAt >= RECENT_MS || revoked.includes(EVERYBODY)) await this.readAll();
    else {
      for (const realm of revoked) await this.readRealm(realm);
      this.end(await this.read<IndexRow>(ENDED_SINCE, [asOf - LOOK_BACK_MS]));
    }
    if (startedAt - this.fullAt >= FULL_MS) this.readAll().catch(() => (this.fullAt = Number.NEGATIVE_INFINITY));
    await this.lookUpClients(await this.read<ClientIndexRow>(CLIENTS));
    Object.assign(this, { realmEpochs, realms, asOf, refreshedAt: startedAt });
  }

  private async readRealms(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.read<RealmRow>(REALMS)).map(({ realm, epoch }) => [realm, String(epoch)]));
  }

  private async readAll(): Promise<void> {
    this.fullAt = performance.now();
    for (const list of [...this.lists.keys()]) {
      let first = 0;
      await inParts(async (size) => {
        this.end(await this.read<IndexRow>(ENDED, [list, first, first + size]));
        first += size;
        return first < CAPACITY;
      });
    }
  }

  private async readRealm(realm: string): Promise<void> {
    let after = '';
    await inParts(async (size) => {
      const [row] = await this.read<{ last: string | null }>(lastOfUsers(size), [realm, after]);
      const last = row?.last;
      if (!last) return false;
      this.end(await this.read<IndexRow>(ENDED_OF_USERS, [realm, after, last]));
      after = last;
      return true;
    });
  }

  private read<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return this.deadline.run(() => onPrimary(this.dataSource, (manager) => rowsOf<Row>(manager, sql, parameters)));
  }

  private keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.lists.keys()) if (!ids.has(id)) this.lists.delete(id);
    for (const id of ids) if (!this.lists.has(id)) this.lists.set(id, { bits: emptyBits(), version: 0 });
  }

  private end(rows: readonly IndexRow[]): void {
    for (const row of rows) this.set(row, true);
  }

  private set({ list, idx }: IndexRow, value: boolean): void {
    const state = this.lists.get(list);
    if (state && setBit(state.bits, idx, value)) state.version += 1;
  }

  private async lookUpClients(rows: readonly ClientIndexRow[]): Promise<void> {
    const ids = [...new Set(rows.map(({ clientId }) => clientId))];
    const enabled = new Set<string>();
    for (let first = 0; first < ids.length; first += CLIENTS_AT_ONCE) {
      const some = ids.slice(first, first + CLIENTS_AT_ONCE);
      const look = () => Promise.all(some.map((id) => this.clients.findEnabled(id)));
      for (const [i, client] of (await this.deadline.run(look)).entries()) if (client) enabled.add(some[i]!);
    }
    for (const row of rows) this.set(row, !enabled.has(row.clientId));
  }
}

/**
 * Calls `read` with the size of a part that takes about the right time, until it returns that there is no more. Requests come between
 * parts.
 */
async function inParts(read: (size: number) => Promise<boolean>): Promise<void> {
  let size = PART_MIN;
  for (;;) {
    const from = performance.now();
    if (!(await read(size))) return;
    const ms = performance.now() - from;
    if (ms > PART_MS) size = Math.max(size / 2, PART_MIN);
    else if (ms < PART_MS / 2) size = Math.min(size * 2, PART_MAX);
    await setImmediate();
  }
}
