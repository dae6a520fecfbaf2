import { X509Certificate } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import type { ConnectionKeys } from '../caller.options.js';

/** Keys that signatures are checked with, by where they were configured. Nothing a JWT says leads to any other. */
@Injectable()
export class KeySources {
  /** The keys a client is registered with, checked when one is needed. @see RFC 7591 §2 */
  ofClient({ jwks }: Readonly<Record<string, unknown>>): JWTVerifyGetKey {
    return async (header, token) => createLocalJWKSet(jwks as JSONWebKeySet)(header, token);
  }

  /** @throws JWKSInvalid, Error for a certificate that cannot be read */
  ofConnection(keys: ConnectionKeys): JWTVerifyGetKey {
    return 'jwks' in keys ? createLocalJWKSet(keys.jwks as JSONWebKeySet) : this.ofCertificate(keys.certificate);
  }

  /** The one key of a certificate, whatever `kid` the header names. */
  private ofCertificate(pem: string): JWTVerifyGetKey {
    const jwk = new X509Certificate(pem).publicKey.export({ format: 'jwk' }) as JWK;
    const keys = createLocalJWKSet({ keys: [jwk] });
    return ({ kid: _kid, ...header }, token) => keys(header, token);
  }
}
