import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { keysUrlFindings, publicKeysFindings } from 'nestjs-global-revocation/administration';
import { InvalidValue } from './failure.js';

/** The metadata of a client that signs its requests. @see RFC 7591 §2 */
export type SigningKeys = { token_endpoint_auth_method: 'private_key_jwt' } & (
  { jwks: { keys: object[] } } | { jwks_uri: string }
);

const METHOD = { token_endpoint_auth_method: 'private_key_jwt' } as const;

/** Returns metadata with the URL of the keys. @throws InvalidValue */
export function keysAt(url: string): SigningKeys {
  const [finding] = keysUrlFindings(url, 'jwks_uri');
  if (finding !== undefined) throw new InvalidValue(finding);
  return { ...METHOD, jwks_uri: url };
}

/** Reads public keys from a file: PEM key or certificate, JWK or JWKS. @throws InvalidValue */
export function keysInFile(file: string): SigningKeys {
  const jwks = { keys: keysOf(textOf(file)) };
  const [finding] = publicKeysFindings(jwks, 'jwks');
  if (finding !== undefined) throw new InvalidValue(finding);
  return { ...METHOD, jwks };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidValue(`The file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function keysOf(text: string): object[] {
  if (text.includes('PRIVATE KEY-----'))
    throw new InvalidValue('The file contains a private key; give a file with only public keys.');
  try {
    if (text.includes('-----BEGIN')) return [createPublicKey(text).export({ format: 'jwk' })];
    const json = JSON.parse(text) as { keys?: object[] };
    return json.keys ?? [json];
  } catch {
    throw new InvalidValue('The file must contain a public key or certificate in PEM, a JWK or a JWKS.');
  }
}
