import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import type { SubjectIdentifier } from '../subject/subject-identifier.js';

/** Keyed hash of an identifier. Equal identifiers have equal hashes; without the key, a hash reveals nothing. @publicApi */
@Injectable()
export class IdentifierHash {
  private readonly key: Uint8Array | undefined;

  constructor(@Inject(GLOBAL_REVOCATION_OPTIONS) { auditKey }: Pick<ResolvedOptions, 'auditKey'>) {
    this.key = auditKey;
  }

  /** Returns the HMAC-SHA-256 of format and canonical value in lower-case hex; empty without a key. */
  of({ identifiers }: SubjectIdentifier): string {
    if (!this.key) return '';
    const named = identifiers.map((each) => [each.format, each.profile, each.issuer ?? null, each.canonical]);
    return createHmac('sha256', this.key).update(JSON.stringify(named)).digest('hex');
  }
}
