import { X509Certificate } from 'node:crypto';
import type { JSONWebKeySet, JWK, JWTVerifyGetKey } from 'jose';
import type { IdentityProviderKeys } from '../../options/identity-providers.options.js';
import { usableKeys } from '../../options/public-keys.options.js';
import { keysOf } from './key-set.js';
import type { RemoteJwks } from './remote-jwks.js';

// Keys come from configured sources only. Nothing in a JWT can add one (RFC 8725 §3.10, RFC 7515 §4.1).

/** Returns the registered keys of a client. They are validated when they are first used. @see RFC 7591 §2 */
export const keysOfClient =
  (remote: RemoteJwks, { jwks, jwks_uri: uri }: Readonly<Record<string, unknown>>): JWTVerifyGetKey =>
  async (header, token) => {
    const keys = typeof uri === 'string' ? remote.at(uri) : keysOf(usableKeys(jwks as JSONWebKeySet));
    return keys(header, token);
  };

/** @throws JWKSInvalid, or Error if a certificate cannot be read */
export function keysOfIdentityProvider(remote: RemoteJwks, keys: IdentityProviderKeys): JWTVerifyGetKey {
  if ('jwks' in keys) return keysOf(keys.jwks as JSONWebKeySet);
  if ('jwksUri' in keys) return remote.at(keys.jwksUri);
  return keysOf({ keys: [new X509Certificate(keys.certificate).publicKey.export({ format: 'jwk' }) as JWK] });
}
