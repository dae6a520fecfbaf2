import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { RevocationError } from '../../revocation.errors.js';

/** TLS client certificates of callers. */
@Injectable()
export class ClientCertificates {
  constructor(@Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'mutualTls'>) {}

  /**
   * Returns the SHA-256 thumbprint of the client certificate in base64url, or undefined if there is none.
   *
   * @param request Node's request
   * @throws RevocationError `boundToken` if the certificate cannot be read
   * @see RFC 8705 §3.1
   */
  thumbprintOf(request: IncomingMessage): string | undefined {
    try {
      const certificate = this.options.mutualTls?.clientCertificate(request);
      return certificate && createHash('sha256').update(certificate.raw).digest('base64url');
    } catch (cause) {
      throw new RevocationError('boundToken', { cause });
    }
  }
}
