import { Inject, Injectable } from '@nestjs/common';
import { Sealer } from '../database/sealer.js';
import { type ResolvedSharedSignals, SHARED_SIGNALS_OPTIONS } from './shared-signals.options.js';
import type { Stream } from './stream.entity.js';

/** Encrypts what receivers want in the header `Authorization`, with a key that is not in the database. */
@Injectable()
export class StreamSecrets {
  private readonly sealer: Sealer;

  constructor(@Inject(SHARED_SIGNALS_OPTIONS) { storageKey }: Pick<ResolvedSharedSignals, 'storageKey'>) {
    this.sealer = new Sealer(storageKey);
  }

  /** Returns the stored form; null if there is none. @param endpointUrl the only place to which it is sent */
  sealed(authorization: string | undefined, endpointUrl: string): string | null {
    return authorization === undefined ? null : this.sealer.seal(authorization, endpointUrl);
  }

  /** Returns the value of the header; undefined if there is none. @throws Error if the key is another */
  authorizationOf({ authorizationSealed, endpointUrl }: Stream): string | undefined {
    return authorizationSealed === null ? undefined : this.sealer.open(authorizationSealed, endpointUrl!);
  }
}
