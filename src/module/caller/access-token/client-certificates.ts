import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../../options/global-revocation.options.js';
import { certificateThumbprint } from './token-binding.js';

/** TLS client certificates of callers. */
@Injectable()
export class ClientCertificates {
  constructor(@Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'mutualTls'>) {}

  /**
   * Returns the thumbprint of a request's certificate, or undefined if there is none.
   *
   * @param request Node's request
   * @throws RevocationError `boundToken` if the certificate cannot be read
   */
  thumbprintOf(request: IncomingMessage): string | undefined {
    return certificateThumbprint(() => this.options.mutualTls?.clientCertificate(request));
  }
}
