import { X509Certificate } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { JSONWebKeySet, JWK, JWTVerifyGetKey } from 'jose';
import type { IdentityProviderKeys } from '../../options/identity-providers.options.js';
import { keysOf } from './key-set.js';
import { RemoteJwks } from './remote-jwks.js';

/**
 * Keys that signatures are checked with, by where they were configured. Nothing a JWT says leads to any other.
 *
 * @see RFC 8725 §3.10, RFC 7515 §4.1
 */
@Injectable()
export class KeySources {
  constructor(@Inject(RemoteJwks) private readonly remote: RemoteJwks) {}

  /** The keys a client is registered with, checked when one is needed. @see RFC 7591 §2 */
  ofClient({ jwks, jwks_uri: uri }: Readonly<Record<string, unknown>>): JWTVerifyGetKey {
    return async (header, token) => {
      const keys = typeof uri === 'string' ? this.remote.at(uri) : keysOf(jwks as JSONWebKeySet);
      return keys(header, token);
    };
  }

  /** @throws JWKSInvalid, Error for a certificate that cannot be read */
  ofIdentityProvider(keys: IdentityProviderKeys): JWTVerifyGetKey {
    if ('jwks' in keys) return keysOf(keys.jwks as JSONWebKeySet);
    if ('jwksUri' in keys) return this.remote.at(keys.jwksUri);
    return keysOf({ keys: [new X509Certificate(keys.certificate).publicKey.export({ format: 'jwk' }) as JWK] });
  }
}
