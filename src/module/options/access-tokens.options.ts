import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { publicKeys } from './public-keys.options.js';
import { asGiven, isFunction, type Members, must, shape, text } from './schema.js';

/** TLS client certificates, for access tokens that are bound to one. @publicApi */
export interface MutualTls {
  /**
   * The certificate that the client of a request, which is Node's own, has shown: to this process, or to a proxy in front of it
   * that you trust; undefined when there was none. Who issued it and its dates are not looked at: what counts is that it is the
   * one that the token is bound to.
   *
   * @see RFC 8705 §3, RFC 9440 §2
   */
  clientCertificate: (request: IncomingMessage) => X509Certificate | undefined;
  /**
   * Where clients with certificates find us: published as `mtls_endpoint_aliases`.
   *
   * @default not published
   * @see RFC 8705 §5
   */
  baseUrl?: string;
}

/**
 * Access tokens of this authorization server that are JWTs, as credentials of the clients they were issued to: a client's own
 * has its `client_id` as `sub`. So no account id may be the id of a client. A token that tells of a login (`auth_time`, `acr`,
 * `amr`, `sid`) is a person's all the same.
 *
 * @see RFC 9068 §4, §5
 * @publicApi
 */
export interface JwtAccessTokens {
  /** The public keys that sign them. @see RFC 7517 §5 */
  jwks: {
    /** Each a JWK. @see RFC 7517 §4 */
    keys: ReadonlyArray<Readonly<Record<string, unknown>>>;
  };
  /**
   * What their `aud` must name.
   *
   * @default the URL of the endpoint, without query or fragment
   * @see RFC 8707 §2
   */
  audience?: string;
}

/** Access tokens as credentials of callers. @publicApi */
export interface AccessTokenOptions {
  /**
   * How callers show certificates. Access tokens that are bound to one are refused without it.
   *
   * @default not set: every one of them is refused
   * @see RFC 8705 §3
   */
  mutualTls?: MutualTls | undefined;
  /**
   * Takes access tokens that are JWTs (`typ` `at+jwt`) from clients, beside those that the server looks up.
   *
   * @default not set: every one of them is refused
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
