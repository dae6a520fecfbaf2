import { Inject, Injectable } from '@nestjs/common';
import { urlBelow } from '../options/endpoint.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { type ResolvedSharedSignals, SHARED_SIGNALS_OPTIONS } from './shared-signals.options.js';
import { METHODS } from './stream-configuration.js';

/** Addresses of the transmitter, from the configured issuer. */
@Injectable()
export class TransmitterMetadata {
  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: Pick<ResolvedOptions, 'issuer'>,
    @Inject(SHARED_SIGNALS_OPTIONS) private readonly signals: ResolvedSharedSignals,
  ) {}

  /** Path of the discovery document. @see OpenID.SSF §7.2 */
  get documentPath(): string {
    return `/.well-known/ssf-configuration${new URL(this.options.issuer).pathname.replace(/\/$/, '')}`;
  }

  /** Returns the URL of a resource of the management API. */
  urlOf(path: string): string {
    return urlBelow(this.options.issuer, `${this.signals.path}/${path}`);
  }

  /** Returns the discovery document. @see OpenID.SSF §7.1 */
  document(): Record<string, unknown> {
    return {
      spec_version: '1_0',
      issuer: this.options.issuer,
      jwks_uri: this.signals.jwksUri ?? urlBelow(this.options.issuer, 'jwks'),
      delivery_methods_supported: Object.values(METHODS),
      configuration_endpoint: this.urlOf('streams'),
      status_endpoint: this.urlOf('status'),
      verification_endpoint: this.urlOf('verify'),
      add_subject_endpoint: this.urlOf('subjects/add'),
      remove_subject_endpoint: this.urlOf('subjects/remove'),
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      default_subjects: this.signals.defaultSubjects,
    };
  }
}
