import { hkdfSync, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Caller, hasCertificate } from '../caller/caller.js';
import { DatabaseDeadline } from '../database/deadline.js';
import { Sealer } from '../database/sealer.js';
import { EndpointRoute } from '../http/endpoint-route.js';
import { Deliveries, type DeliveryCount } from '../notifications/deliveries.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationError } from '../revocation.errors.js';

/** How long a state can be read, in seconds: less than deliveries are kept. */
const LIFETIME_SECONDS = 28 * 86_400;

const KEY_BYTES = 32;
/** Digits of the time in an id, and their base. With a UUID, base64url of the sealed id then has no unused bits. */
const [TIME_DIGITS, BASE] = [8, 36];

/** State of a revocation, as its caller sees it. Times are seconds since 1970. */
export interface RevocationState {
  /** Time of the 204. */
  created_at: number;
  /** Notifications so far. */
  recipients: number;
  delivered: number;
  pending: number;
  /** The recipient already had a newer session, had revoked the user itself, or is no longer to be told. */
  superseded: number;
  failed: number;
  /** When the last notification was delivered or given up; null while one is pending, and if there is none. */
  completed_at: number | null;
}

/**
 * Gives each 204 an address at which its caller can read how many recipients were told. Nothing is stored for it: the id in the address
 * is the id of the record and the time, encrypted for the caller. For an unknown user, the id of the record is a new one, for which
 * nothing is found, as for a revocation without recipients.
 */
@Injectable()
export class RevocationStates {
  private readonly sealer: Sealer | undefined;

  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'auditKey' | 'mutualTls'>,
    @Inject(EndpointRoute) private readonly route: EndpointRoute,
    @Inject(Deliveries) private readonly deliveries: Deliveries,
    @Inject(DatabaseDeadline) private readonly deadline: DatabaseDeadline,
  ) {
    const { auditKey } = options;
    this.sealer =
      auditKey && new Sealer(new Uint8Array(hkdfSync('sha256', auditKey, '', 'gtr revocation state', KEY_BYTES)));
  }

  /**
   * Returns the header `Location` of a 204, or none without the option `auditKey`.
   *
   * @param revocationId id of the record; a new one if the user is unknown
   * @see RFC 9110 §10.2.2
   */
  location(caller: Caller, revocationId: string = randomUUID()): { Location?: string } {
    if (!this.sealer) return {};
    const time = seconds(Date.now()).toString(BASE).padStart(TIME_DIGITS, '0');
    const id = this.sealer.seal(time + revocationId, caller.id);
    const base = hasCertificate(caller) ? this.options.mutualTls?.baseUrl : undefined;
    return { Location: this.route.stateUrl(id, base) };
  }

  /**
   * Returns the state of a revocation, with the id of its record. Reads the same whether or not the user was known.
   *
   * @throws RevocationError `unknownRevocation` if the id is of another caller, too old or changed; `unavailable`
   */
  async read(id: string, caller: Caller): Promise<RevocationState & { id: string }> {
    const { created_at, revocationId } = this.opened(id, caller);
    const counts = await this.deadline.run(() => this.deliveries.counts(revocationId));
    return { id: revocationId, created_at, ...shown(counts) };
  }

  private opened(id: string, caller: Caller): { created_at: number; revocationId: string } {
    try {
      const text = this.sealer!.open(id, caller.id);
      const created_at = parseInt(text.slice(0, TIME_DIGITS), BASE);
      if (created_at + LIFETIME_SECONDS > seconds(Date.now()))
        return { created_at, revocationId: text.slice(TIME_DIGITS) };
    } catch {
      // Not sealed by us for this caller
    }
    throw new RevocationError('unknownRevocation');
  }
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

function shown(counts: readonly DeliveryCount[]): Omit<RevocationState, 'created_at'> {
  const sum = (...states: string[]): number =>
    counts.reduce((total, { state, deliveries }) => total + (states.includes(state) ? deliveries : 0), 0);
  const recipients = counts.reduce((total, { deliveries }) => total + deliveries, 0);
  const pending = sum('waiting', 'held');
  const isComplete = recipients > 0 && pending === 0;
  return {
    recipients,
    delivered: sum('delivered'),
    pending,
    superseded: sum('superseded'),
    failed: sum('dead'),
    completed_at: isComplete ? seconds(Math.max(...counts.map(({ finishedAt }) => finishedAt))) : null,
  };
}
