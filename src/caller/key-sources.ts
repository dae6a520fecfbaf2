import { X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import type { ConnectionKeys } from '../caller.options.js';
import { RemoteJwks } from './remote-jwks.js';

/** Keys that signatures are checked with, by where they were configured. Nothing a JWT says leads to any other. */
@Injectable()
export class KeySources {
  constructor(@Inject(RemoteJwks) private readonly remote: RemoteJwks) {}

  /** The keys a client is registered with, checked when one is needed. @see RFC 7591 §2 */
  ofClient({ jwks, jwks_uri: uri }: Readonly<Record<string, unknown>>): JWTVerifyGetKey {
    return async (header, token) => {
      const keys = typeof uri === 'string' ? this.remote.at(uri) : createLocalJWKSet(jwks as JSONWebKeySet);
      return keys(header, token);
    };
  }

  /** @throws JWKSInvalid, Error for a certificate that cannot be read */
  ofConnection(keys: ConnectionKeys): JWTVerifyGetKey {
    if ('jwks' in keys) return createLocalJWKSet(keys.jwks as JSONWebKeySet);
    return 'jwksUri' in keys ? this.remote.at(keys.jwksUri) : this.ofCertificate(keys.certificate);
  }

  /** The one key of a certificate, whatever `kid` the header names. */
  private ofCertificate(pem: string): JWTVerifyGetKey {
    const jwk = new X509Certificate(pem).publicKey.export({ format: 'jwk' }) as JWK;
    const keys = createLocalJWKSet({ keys: [jwk] });
    return ({ kid: _kid, ...header }, token) => keys(header, token);
  }
}
