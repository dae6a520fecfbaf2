import type { Adapter, AdapterConstructor, AdapterPayload } from 'oidc-provider';
import type { DatabaseDeadline } from '../database/deadline.js';
import { OF_GRANTS } from './record-model.js';
import { orUnavailable } from './unavailable.js';

/**
 * Injection token of the {@link PreviousAdapter}. Provide it next to {@link OIDC_STORAGE_KEY} while records of your previous
 * adapter are still valid; optional.
 *
 * @publicApi
 */
export const OIDC_PREVIOUS_ADAPTER = Symbol('OIDC_PREVIOUS_ADAPTER');

/**
 * The `adapter` that your oidc-provider had before: a class, or a function that returns the adapter of a model, undefined for
 * a model that it did not store. Each record is moved from it when it is first presented, and is valid until its user is
 * revoked. It must read what was written last, not a replica.
 *
 * @publicApi
 */
export type PreviousAdapter = AdapterConstructor | ((model: string) => Adapter | undefined);

type Found = AdapterPayload | undefined;

/** Records of one model in the previous adapter. Each call throws 503 if the adapter fails or does not answer. */
export class PreviousRecords {
  private readonly adapters = new Map<string, Adapter | undefined>();

  constructor(
    private readonly previous: PreviousAdapter,
    private readonly deadline: DatabaseDeadline,
    private readonly kind: string,
  ) {}

  /** @returns undefined if there is none, or it has expired */
  find(id: string): Promise<Found> {
    return this.run(this.kind, async (adapter) => unexpired(await adapter.find(id)));
  }

  findByUid(uid: string): Promise<Found> {
    return this.run(this.kind, async (adapter) => unexpired(await adapter.findByUid(uid)));
  }

  findByUserCode(userCode: string): Promise<Found> {
    return this.run(this.kind, async (adapter) => unexpired(await adapter.findByUserCode(userCode)));
  }

  async destroy(id: string): Promise<void> {
    await this.run(this.kind, async (adapter) => adapter.destroy(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.run(this.kind, async (adapter) => adapter.revokeByGrantId(grantId));
  }

  /** Ends a grant and everything of it. */
  async endGrant(grantId: string): Promise<void> {
    await this.run('Grant', async (adapter) => adapter.destroy(grantId));
    for (const kind of OF_GRANTS) await this.run(kind, async (adapter) => adapter.revokeByGrantId(grantId));
  }

  private run<T>(kind: string, work: (adapter: Adapter) => Promise<T>): Promise<T | undefined> {
    return orUnavailable(
      this.deadline.run(async () => {
        const adapter = this.adapterOf(kind);
        return adapter && work(adapter);
      }),
    );
  }

  private adapterOf(kind: string): Adapter | undefined {
    if (!this.adapters.has(kind)) {
      this.adapters.set(kind, isClass(this.previous) ? new this.previous(kind) : this.previous(kind));
    }
    return this.adapters.get(kind);
  }
}

/** As oidc-provider tells a class from a function. */
function isClass(previous: PreviousAdapter): previous is AdapterConstructor {
  try {
    Reflect.construct(Object, [], previous);
    return true;
  } catch {
    return false;
  }
}

const unexpired = (payload: AdapterPayload | undefined | void): Found =>
  payload && (payload.exp === undefined || payload.exp * 1000 > Date.now()) ? payload : undefined;
