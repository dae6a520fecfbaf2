import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from '../options/global-revocation.options.js';
import type { SubjectIdentifier } from '../subject/subject-identifier.js';

const KEY_BYTES = 32;

/** Keyed hash of what a caller named: tells whether two requests named the same, to nobody who lacks the key whom. */
@Injectable()
export class IdentifierHash {
  private readonly key: Uint8Array | undefined;

  /** @throws TypeError when the option `auditKey` has not 32 bytes */
  constructor(@Inject(GLOBAL_REVOCATION_OPTIONS) { auditKey }: Pick<GlobalRevocationOptions, 'auditKey'>) {
    if (auditKey && auditKey.length !== KEY_BYTES) throw new TypeError(`auditKey must have ${KEY_BYTES} bytes`);
    this.key = auditKey;
  }

  /** Lower-case hex HMAC-SHA-256 of format and canonical value; empty without a key. */
  of({ identifiers }: SubjectIdentifier): string {
    if (!this.key) return '';
    const named = identifiers.map((each) => [each.format, each.profile, each.issuer ?? null, each.canonical]);
    return createHmac('sha256', this.key).update(JSON.stringify(named)).digest('hex');
  }
}
