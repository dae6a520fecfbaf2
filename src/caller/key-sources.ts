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
      const keys = typeof uri === 'string' ? this.remote.at(uri) : keysOf(jwks as JSONWebKeySet);
      return keys(header, token);
    };
  }

  /** @throws JWKSInvalid, Error for a certificate that cannot be read */
  ofConnection(keys: ConnectionKeys): JWTVerifyGetKey {
    if ('jwks' in keys) return keysOf(keys.jwks as JSONWebKeySet);
    if ('jwksUri' in keys) return this.remote.at(keys.jwksUri);
    return keysOf({ keys: [new X509Certificate(keys.certificate).publicKey.export({ format: 'jwk' }) as JWK] });
  }
}

/** Keys that are given. The only one, when it has no `kid`, is meant whatever `kid` the header names. */
function keysOf(jwks: JSONWebKeySet): JWTVerifyGetKey {
  const keys = createLocalJWKSet(jwks);
  const hasNames = jwks.keys.length > 1 || jwks.keys[0]?.kid !== undefined;
  return hasNames ? keys : ({ kid: _kid, ...header }, token) => keys(header, token);
}
