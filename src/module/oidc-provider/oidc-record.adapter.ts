import { randomUUID } from 'node:crypto';
import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';
import { sha256Hex } from '../database/digest.js';
import { FROM_BEFORE } from '../revocation/live-epoch.js';
import { subjectKey } from '../revocation/subject-epochs.js';
import { adopt, type AdoptedRow, isMissing } from './adoption.js';
import { inheritEpochByKey, inheritedEpoch, inheritedUpstream, inheritUpstreamByKey } from './epoch-context.js';
import type { PreviousRecords } from './previous-adapter.js';
import { accountOf, lookupOf, OF_GRANTS, savedAgain } from './record-model.js';
import {
  ANY_BY_ID,
  type AnyRow,
  CONSUME,
  DESTROY,
  liveByLookup,
  type LiveRow,
  REVOKE_GRANT,
  UPSERT_COLUMNS,
} from './record-statements.js';
import type { RecordStore } from './record-store.js';
import type { Sealer } from '../database/sealer.js';
import { isTooLong, type Strangers, strangersLifetime } from './strangers.js';

/** Values of a record by column. */
type RecordRow = Record<(typeof UPSERT_COLUMNS)[number], string | number | null>;

/** Longest payload in characters: what MySQL's TEXT holds. */
const PAYLOAD_MAX = 65_535;

/**
 * Stores the records of one model. A record belongs to a user and an epoch, or to nobody. Loading returns live records
 * only; saving inherits the epoch of records loaded earlier in the same request.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.3, §4, RFC 7662 §2.2
 * @publicApi
 */
export class OidcRecordAdapter implements Adapter {
  constructor(
    readonly kind: string,
    protected readonly store: RecordStore,
    private readonly sealer: Sealer,
    private readonly upsertSql: string,
    private readonly onRevokedUse: (kind: string) => void = () => {},
    private readonly previous?: PreviousRecords,
    private readonly strangers?: Pick<Strangers, 'admit'>,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const row = await this.rowOf(id, payload, expiresIn);
    if (row.subject_hash === null) await this.strangers?.admit(this.kind);
    await this.store.change(
      this.upsertSql,
      UPSERT_COLUMNS.map((column) => row[column]),
    );
  }

  /** Returns the values of the columns. @throws Error if there is no epoch to inherit */
  protected async rowOf(id: string, payload: AdapterPayload, expiresIn?: number): Promise<RecordRow> {
    const account = accountOf(payload);
    const isNobodys = account === undefined;
    if (isNobodys && isTooLong(this.kind, payload)) throw tooLarge();
    const epoch = isNobodys ? null : await this.epochToInherit(subjectKey(account));
    const lifetime = isNobodys ? strangersLifetime(this.kind, expiresIn) : expiresIn;
    return this.rowWith(epoch, id, payload, lifetime === undefined ? null : Date.now() + lifetime * 1000);
  }

  private rowWith(epoch: number | null, id: string, payload: AdapterPayload, expiresAt: number | null): RecordRow {
    const [idHash, account, lookup] = [this.key(id), accountOf(payload), lookupOf(payload)];
    const subject = account === undefined ? null : subjectKey(account);
    return {
      id_hash: idHash,
      kind: this.kind,
      subject_hash: subject,
      epoch,
      upstream_hash: subject && inheritedUpstream(subject),
      grant_hash: payload.grantId === undefined ? null : this.key(payload.grantId),
      lookup_hash: lookup === undefined ? null : this.lookupKeys(lookup)[0],
      payload: this.seal(payload, idHash),
      expires_at: expiresAt,
      saved_at: savedNow(),
    };
  }

  /** A record of the previous adapter: "from before", until its user is revoked. */
  private adoptedRow(id: string, { consumed, ...payload }: AdapterPayload, claim: string): AdoptedRow {
    const epoch = accountOf(payload) === undefined ? null : FROM_BEFORE;
    const expiresAt = payload.exp === undefined ? null : payload.exp * 1000;
    const row = this.rowWith(epoch, id, payload, expiresAt);
    const at = typeof consumed === 'number' ? consumed * 1000 : Date.now();
    const columns = { ...row, payload: '', used_by: claim };
    return { columns, payload: String(row.payload), consumedAt: consumed ? at : null };
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const own = (): Promise<LiveRow | undefined> => this.store.byId(this.key(id));
    return this.live(own, (previous) => previous.find(id), id);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.live(this.byLookup(uid), (previous) => previous.findByUid(uid));
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.live(this.byLookup(userCode), (previous) => previous.findByUserCode(userCode));
  }

  private byLookup(uid: string): () => Promise<LiveRow | undefined> {
    const keys = this.lookupKeys(uid);
    return async () => (await this.store.rows<LiveRow>(liveByLookup(keys.length), keys))[0];
  }

  /**
   * R9. Marks a record as used, after the library found it unused. If a concurrent use comes first, everything of its grant
   * ends, as when the library finds it used.
   *
   * @throws errors.OIDCProviderError `invalid_grant` or `invalid_request_uri` if it was already consumed
   * @see RFC 9700 §4.14.2, RFC 6749 §4.1.2
   */
  async consume(id: string): Promise<void> {
    const [idHash, usedBy] = [this.key(id), randomUUID()];
    if (this.previous) await this.find(id); // adopts it, if that has not happened yet
    await this.previous?.destroy(id);
    if ((await this.store.change(CONSUME, [Date.now(), usedBy, idHash])) > 0) return;
    const [row] = await this.store.rows<AnyRow>(ANY_BY_ID, [idHash]);
    if (row?.usedBy === usedBy) return; // consumed by an earlier try of this use, whose answer was lost
    if (row) await this.endGrant(this.open(row).grantId);
    if (this.kind === 'PushedAuthorizationRequest') throw new errors.InvalidRequestUri('request_uri was already used');
    throw new errors.InvalidGrant('already consumed');
  }

  async destroy(id: string): Promise<void> {
    await this.previous?.destroy(id);
    await this.store.change(DESTROY, [this.key(id)]);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.previous?.revokeByGrantId(grantId);
    await this.store.change(REVOKE_GRANT, [this.key(grantId)]);
  }

  /** Deletes the grant first: without it, nothing that the other use still saves is accepted. */
  private async endGrant(grantId: string | undefined): Promise<void> {
    if (grantId !== undefined) await this.previous?.endGrant(grantId);
    if (grantId === undefined || (await this.store.change(DESTROY, [keyOf('Grant', grantId)])) === 0) return;
    for (const kind of OF_GRANTS) await this.store.change(REVOKE_GRANT, [keyOf(kind, grantId)]);
    const { ctx } = Provider;
    ctx?.oidc.provider.emit('grant.revoked', ctx, grantId);
  }

  /**
   * Returns a record even if it is dead. Never accept it as a credential: it only tells a user with a dead interaction
   * where to start again.
   */
  async findDead(id: string): Promise<AdapterPayload | undefined> {
    const [row] = await this.store.rows<AnyRow>(ANY_BY_ID, [this.key(id)]);
    return row && this.open(row);
  }

  /** R3. Returns the epoch for a new record of this user. */
  protected epochToInherit(key: string): number | Promise<number> {
    return inheritedEpoch(key);
  }

  private async live(own: Own, before: Before, id?: string): Promise<AdapterPayload | undefined> {
    const row = await this.ownOrAdopted(own, before, id);
    if (!row || this.hasEnded(row)) return undefined;
    const expired = row.expiresAt !== null && Number(row.expiresAt) <= Date.now();
    if (expired && savedAgain.has(this.kind)) return undefined;
    const consumed = row.consumedAt !== null;
    const payload = this.open(row);
    // R1: only a live record passes on its epoch. The library itself rejects expired and consumed ones.
    if (row.subjectKey !== null && !expired && !consumed) this.passOn(row.subjectKey, row, payload);
    return { ...payload, ...(consumed && { consumed: Math.floor(Number(row.consumedAt) / 1000) }) };
  }

  private passOn(key: string, { epoch, upstreamKey }: LiveRow, { result }: AdapterPayload): void {
    inheritEpochByKey(key, Number(epoch));
    // One without a sign-in only has the upstream session that its session had when it began.
    const step = this.kind === 'Interaction' && result?.login ? 'interaction' : 'credential';
    if (upstreamKey !== null) inheritUpstreamByKey(key, upstreamKey, step);
  }

  private async ownOrAdopted(own: Own, before: Before, id?: string): Promise<LiveRow | undefined> {
    const row = await own();
    if (!isMissing(row)) return row;
    const { previous } = this;
    if (!previous) return undefined;
    return adopt(this.store, previous, {
      own,
      before: () => before(previous),
      idOf: (payload) => id ?? payload.jti!,
      keyOf: (found) => this.key(found),
      rowOf: (...parts) => this.adoptedRow(...parts),
    });
  }

  /** Returns whether a revocation ended a record; reports it if the record would be valid otherwise. */
  private hasEnded({ isLive, expiresAt, consumedAt }: LiveRow): boolean {
    if (Number(isLive) === 1) return false;
    if (consumedAt === null && (expiresAt === null || Number(expiresAt) > Date.now())) this.onRevokedUse(this.kind);
    return true;
  }

  /** @throws errors.InvalidRequest if it is too long: a pushed request may have 56 KiB and is encoded twice */
  private seal(payload: AdapterPayload, idHash: string): string {
    const sealed = this.sealer.seal(JSON.stringify(payload), idHash);
    if (sealed.length > PAYLOAD_MAX) throw tooLarge();
    return sealed;
  }

  private open(row: Pick<LiveRow, 'idHash' | 'payload'>): AdapterPayload {
    return JSON.parse(this.sealer.open(row.payload, row.idHash)) as AdapterPayload;
  }

  private key(id: string): string {
    return keyOf(this.kind, id);
  }

  private lookupKeys(value: string): [newest: string, ...older: string[]] {
    return this.sealer.hashes(`${this.kind}:${value}`);
  }
}

type Own = () => Promise<LiveRow | undefined>;

type Before = (previous: PreviousRecords) => Promise<AdapterPayload | undefined>;

let lastSaved = 0;

/** UTC epoch microseconds; no two saves of a process have the same. */
const savedNow = (): number => (lastSaved = Math.max(lastSaved + 1, Date.now() * 1000));

const tooLarge = (): errors.InvalidRequest => new errors.InvalidRequest('the request is too large');

const keyOf = (kind: string, id: string): string => sha256Hex(`${kind}:${id}`);
