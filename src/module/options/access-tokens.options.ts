import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { publicKeys } from './public-keys.options.js';
import { asGiven, isFunction, type Members, must, shape, text } from './schema.js';

/** TLS client certificates, for access tokens that are bound to one. @publicApi */
export interface MutualTls {
  /**
   * Returns the client certificate of a request (Node's request), from this process or from a trusted proxy in front of
   * it; undefined if there is none. The issuer and dates of the certificate are not checked; it only has to be the one
   * that the token is bound to.
   *
   * @see RFC 8705 §3, RFC 9440 §2
   */
  clientCertificate: (request: IncomingMessage) => X509Certificate | undefined;
  /**
   * Base URL for callers with a client certificate, published as `mtls_endpoint_aliases`.
   *
   * @default not published
   * @see RFC 8705 §5
   */
  baseUrl?: string;
}

/**
 * Accepts JWT access tokens of this server from the clients they were issued to. A client's own token has its
 * `client_id` as `sub`, so no account id may equal a client id. A token with a sign-in claim (`auth_time`, `acr`,
 * `amr`, `sid`) always belongs to a person.
 *
 * @see RFC 9068 §4, §5
 * @publicApi
 */
export interface JwtAccessTokens {
  /** Public keys that verify the tokens. @see RFC 7517 §5 */
  jwks: {
    /** List of JWKs. @see RFC 7517 §4 */
    keys: ReadonlyArray<Readonly<Record<string, unknown>>>;
  };
  /**
   * Required `aud`.
   *
   * @default the URL of the endpoint, without query or fragment
   * @see RFC 8707 §2
   */
  audience?: string;
}

/** Access tokens as caller credentials. @publicApi */
export interface AccessTokenOptions {
  /**
   * How to read client certificates. Required for access tokens that are bound to one.
   *
   * @default not set: access tokens bound to a certificate are rejected
   * @see RFC 8705 §3
   */
  mutualTls?: MutualTls | undefined;
  /**
   * Accepts JWT access tokens (`typ` `at+jwt`) from clients, in addition to tokens that the server looks up.
   *
   * @default not set: JWT access tokens are rejected
   * @see RFC 9068 §4
   */
  jwtAccessTokens?: JwtAccessTokens;
}

const mutualTls = {
  clientCertificate: must<MutualTls['clientCertificate']>('a function', isFunction),
  baseUrl: v.exactOptional(text),
} satisfies Members<MutualTls>;

const jwtAccessTokens = {
  jwks: publicKeys,
  audience: v.exactOptional(text),
} satisfies Members<JwtAccessTokens>;

export const accessTokenOptions = {
  mutualTls: v.exactOptional(asGiven(shape(mutualTls))),
  jwtAccessTokens: v.exactOptional(shape(jwtAccessTokens)),
} satisfies Members<AccessTokenOptions>;
