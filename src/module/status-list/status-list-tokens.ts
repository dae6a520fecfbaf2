import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { urlBelow } from '../options/endpoint.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { packed, STATUS_LIST_TYPE } from './encoding.js';
import { ListStates, type ListState } from './list-states.js';

/** Validity of a list in multiples of its `ttl`. */
const VALID_TTLS = 5;

export interface StatusListToken {
  jwt: string;
  /** Strong entity tag, without quotes. */
  etag: string;
}

/** A signed list that is kept. */
interface Signed {
  version: number;
  /** From then on it is signed again, in times of `performance.now()`. */
  staleAt: number;
  token: Promise<StatusListToken>;
}

/** Status list tokens, signed when somebody asks and either a bit has changed or the last one is older than its `ttl`. */
@Injectable()
export class StatusListTokens {
  private readonly signed = new Map<string, Signed>();

  constructor(
    @Inject(ListStates) private readonly states: ListStates,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
  ) {}

  /** Returns the ids of the lists that tokens may refer to. @throws RevocationError `unavailable` */
  async ids(): Promise<string[]> {
    return [...(await this.states.current()).lists.keys()];
  }

  /**
   * Returns a list as it was at most a second ago.
   *
   * @returns undefined if there is none with this id
   * @throws RevocationError `unavailable`; an error of the signer
   */
  async find(id: string): Promise<StatusListToken | undefined> {
    const { lists, asOf } = await this.states.current(id);
    for (const known of this.signed.keys()) if (!lists.has(known)) this.signed.delete(known);
    const state = lists.get(id);
    return state && this.token(id, state, asOf);
  }

  private token(id: string, state: ListState, asOf: number): Promise<StatusListToken> {
    const known = this.signed.get(id);
    if (known?.version === state.version && performance.now() < known.staleAt) return known.token;
    const staleAt = performance.now() + this.options.statusLists!.ttlSeconds * 1000;
    const token = this.sign(id, Uint8Array.from(state.bits), asOf);
    this.signed.set(id, { version: state.version, staleAt, token });
    token.catch(() => this.signed.delete(id));
    return token;
  }

  /** @see draft-ietf-oauth-status-list §5.1 */
  private async sign(id: string, bits: Uint8Array, asOf: number): Promise<StatusListToken> {
    const { issuer, statusLists } = this.options;
    const { signer, path, ttlSeconds: ttl } = statusLists!;
    const iat = Math.floor(asOf / 1000);
    const claims = {
      iss: issuer,
      sub: urlBelow(issuer, `${path}/${id}`),
      iat,
      exp: iat + VALID_TTLS * ttl,
      ttl,
      status_list: { bits: 1, lst: await packed(bits) },
    };
    const jwt = await signer(claims, { typ: STATUS_LIST_TYPE });
    return { jwt, etag: createHash('sha256').update(jwt).digest('base64url') };
  }
}
