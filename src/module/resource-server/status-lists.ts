import type { JWTVerifyGetKey } from 'jose';
import { TOLERANCE_SECONDS } from '../caller/access-token/jwt-access-tokens.js';
import { verifyJwt } from '../caller/keys/key-set.js';
import { ASSERTION_ALGORITHMS } from '../options/public-keys.options.js';
import { STATUS_LIST_TYPE } from '../status-list/encoding.js';
import { Kept, type Lifetime } from './kept.js';
import { type StatusList, statusAt, type StatusReference, unpacked } from './status-list.js';

/** Maximum `ttl`, in seconds. */
const TTL_MAX = 3600;
/** `ttl` of a list that has none, in seconds. */
const TTL_DEFAULT = 60;
/** Share of the `ttl` after which a newer list is fetched while the old one is still used. */
const REFRESH_AT = 0.7;
/** Maximum number of lists that are kept; the oldest is dropped. */
const LISTS_MAX = 100;

interface Held extends StatusList, Lifetime {
  /** `iat`, in seconds. */
  issuedAt: number;
  ttl: number;
}

/**
 * Status lists of one issuer. A list is used for its `ttl`; while no newer one can be fetched, until its `exp`, and never
 * longer.
 *
 * @see draft-ietf-oauth-status-list §8.3
 */
export class StatusLists {
  private readonly lists = new Map<string, Kept<Held>>();

  /** @param fetch returns the body at an address */
  constructor(
    private readonly issuer: string,
    private readonly keys: JWTVerifyGetKey,
    private readonly fetch: (url: URL) => Promise<Buffer>,
  ) {}

  /** Returns whether the status is 0, valid. @throws Error if there is no list that can be used */
  async isValid({ index, uri }: StatusReference): Promise<boolean> {
    return statusAt(await this.listAt(uri).get(), index) === 0;
  }

  private listAt(uri: URL): Kept<Held> {
    const known = this.lists.get(uri.href);
    if (known) return known;
    const [oldest] = this.lists.keys();
    if (oldest !== undefined && this.lists.size >= LISTS_MAX) this.lists.delete(oldest);
    const list = new Kept<Held>(async (held) => newest(held, await this.load(uri)));
    this.lists.set(uri.href, list);
    return list;
  }

  private async load(uri: URL): Promise<Held> {
    const body = await this.fetch(uri);
    const { payload } = await verifyJwt(body.toString('latin1'), this.keys, {
      subject: uri.href,
      typ: STATUS_LIST_TYPE,
      algorithms: [...ASSERTION_ALGORITHMS],
      requiredClaims: ['iat', 'exp'],
      clockTolerance: TOLERANCE_SECONDS,
    });
    const {
      iss = this.issuer,
      iat,
      exp,
      ttl = TTL_DEFAULT,
    } = payload as { iss?: string; iat: number; exp: number; ttl?: number };
    if (iss !== this.issuer) throw new Error('iss of the status list is another issuer');
    if (iat > Date.now() / 1000 + TOLERANCE_SECONDS) throw new Error('iat of the status list is in the future');
    if (typeof ttl !== 'number' || !(ttl > 0)) throw new Error('ttl of the status list must be a positive number');
    const list = await unpacked(payload['status_list']);
    const deadAt = performance.now() + (exp + TOLERANCE_SECONDS) * 1000 - Date.now();
    return { ...list, issuedAt: iat, ttl, ...lifetime(ttl, deadAt) };
  }
}

/** Nodes of an issuer build lists independently, so an older one is no error; but it never replaces a newer one. */
function newest(held: Held | undefined, loaded: Held): Held {
  if (!held || loaded.issuedAt >= held.issuedAt) return loaded;
  if (performance.now() >= held.deadAt)
    throw new Error('the status list is older than the last one, which has expired');
  return { ...held, ...lifetime(loaded.ttl, held.deadAt) };
}

function lifetime(ttl: number, deadAt: number): Lifetime {
  const now = performance.now();
  const ms = Math.min(ttl, TTL_MAX) * 1000;
  return { refreshAt: Math.min(now + ms * REFRESH_AT, deadAt), staleAt: Math.min(now + ms, deadAt), deadAt };
}
