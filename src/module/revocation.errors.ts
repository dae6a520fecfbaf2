/** Default `Retry-After` of `unavailable`, in seconds. */
export const RETRY_AFTER = 5;

type Refusal = readonly [status: number, error: string, description: string];

/** Refusals with the same status and `error`, by reason. */
const refused = <Reason extends string>(status: number, error: string, descriptions: Record<Reason, string>) => {
  const rows = Object.entries<string>(descriptions).map(([reason, text]) => [reason, [status, error, text]]);
  return Object.fromEntries(rows) as Record<Reason, Refusal>;
};

/** One text for every caller that cannot sign, so that nobody learns which issuers and algorithms are registered. */
const NOT_TRUSTED = 'the issuer of the assertion is unknown, or none of its keys verifies the signature';

/**
 * Every refusal of the endpoint: reason → status, `error`, description. Descriptions are fixed texts, so that no answer
 * echoes input.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.4.2
 * @see RFC 6749 §5.2, RFC 6750 §3.1, RFC 9449 §7.1, RFC 6585 §4, RFC 9110 §15.5, §15.6.4
 */
const OF_ENDPOINT = {
  ...refused(405, 'invalid_request', { methodNotAllowed: 'only POST is allowed' }),
  ...refused(415, 'invalid_request', {
    contentType: 'the body must be application/json in UTF-8',
    contentEncoding: 'the body must not be compressed',
  }),
  ...refused(413, 'invalid_request', { bodyTooLarge: 'the body is larger than 8192 bytes' }),
  ...refused(400, 'invalid_request', {
    requestTarget: 'the address must not contain #',
    severalCredentials: 'the request must carry exactly one credential',
  }),
  ...refused(401, 'invalid_client', { invalidClient: 'client authentication failed' }),
  ...refused(401, 'invalid_token', {
    invalidToken: 'the access token is invalid, expired or revoked',
    boundToken: 'the access token is bound to a key or certificate that the request does not present',
    keyOfAnotherToken: 'the access token is not bound to the key of the DPoP proof',
  }),
  ...refused(401, 'invalid_dpop_proof', {
    dpopProofMissing: 'the request must have exactly one DPoP header with a proof',
    dpopProofMalformed:
      'the DPoP proof must be a JWT with typ dpop+jwt, an accepted alg, the public key as jwk, and the claims jti and iat',
    dpopProofSignature: 'the DPoP proof is not signed with the key in its jwk',
    dpopProofRequest: 'htm and htu of the DPoP proof must be the request method and the published URL of this endpoint',
    dpopProofTime: 'iat of the DPoP proof is too far from the current time: create a new proof and check the clock',
    dpopProofToken: 'ath of the DPoP proof must be the hash of the access token',
    dpopProofReplayed: 'the DPoP proof has already been used',
  }),
  ...refused(401, 'invalid_token', {
    assertionMalformed: 'the assertion must be a compact JWT with a JSON header and JSON claims, and must not use crit',
    assertionType:
      'typ of the assertion must be global-token-revocation+jwt (identity provider), or client-authentication+jwt or absent (client)',
    assertionAlgorithm: 'alg of the assertion is not accepted: use an asymmetric algorithm that the metadata lists',
    assertionUntrusted: NOT_TRUSTED,
    assertionAlgorithmNotListed: NOT_TRUSTED,
    assertionClaims:
      'the assertion must have valid iss, sub, aud, exp and jti claims, and also iat if an identity provider signs it',
    assertionSubject: 'sub of the assertion is not the value expected for its issuer',
    assertionAudience:
      'aud of the assertion must be exactly one value: the issuer of this server (client) or the endpoint URL (identity provider)',
    assertionExpired: 'the assertion has expired: create a new one for each request',
    assertionEarly: 'nbf or iat of the assertion is in the future',
    assertionLifetime: 'the assertion is valid for too long: at most 5 minutes after iat, or one hour for a client',
    assertionReplayed: 'the assertion has already been used with a different body',
  }),
  ...refused(401, 'invalid_client', { credentialsMissing: 'client authentication is required' }),
  ...refused(403, 'access_denied', { featureDisabled: 'global token revocation is switched off' }),
  ...refused(403, 'insufficient_scope', { insufficientScope: 'the scope global_token_revocation is required' }),
  ...refused(400, 'invalid_request', {
    malformedJson: 'the body must be one JSON object with unique member names, nested at most 4 levels deep',
    malformedRequest: 'the body must have exactly one member, sub_id',
    differentSubjects: 'sub_id and subject must be identical',
    unsupportedFormat: 'the format of sub_id is not supported here',
    invalidIdentifier: 'sub_id must have exactly the members of its format, each with a valid value',
  }),
  ...refused(404, 'not_found', { unknownSubject: 'no such user' }),
  ...refused(422, 'unprocessable', {
    ambiguousSubject: 'the identifier names more than one user',
    notRevocable: 'the user cannot be revoked',
  }),
  ...refused(429, 'temporarily_unavailable', {
    tooManyFailures: 'too many failed attempts; try again later',
    tooManyCalls: 'too many requests; try again later',
  }),
  ...refused(503, 'temporarily_unavailable', { unavailable: 'try again later' }),
};

/** Refusals of requests for the state of a revocation, besides those of the endpoint that it shares. */
const OF_STATE = refused(404, 'not_found', { unknownRevocation: 'this caller has no such revocation' });

/** Refusals of logout tokens, besides those of the endpoint that they share. @see OpenID.Back-Channel §2.8 */
const OF_LOGOUT = refused(400, 'invalid_request', {
  logoutRequest: 'the body must be form-encoded and have exactly one logout_token',
  logoutTokenMalformed:
    'the logout token must be a JWT that is signed with an asymmetric algorithm, with typ logout+jwt or JWT, or without typ',
  logoutTokenUntrusted: 'iss and aud of the logout token are unknown, or no key of that issuer verifies the signature',
  logoutTokenClaims:
    'the logout token must have valid iss, aud, iat, exp, jti, sub (sid alone is enough only for one session) and events with backchannel-logout, and no nonce',
  logoutTokenTime: 'the logout token has expired, is not valid yet, or is valid for more than 5 minutes',
  logoutTokenReplayed: 'another logout token with the same jti has already been used',
  logoutTokenUser: 'iss and sub of the logout token do not name exactly one user here',
});

/** Refusals of the guard for APIs, besides those of the endpoint that it shares. @see RFC 6750 §3.1 */
const OF_API = refused(401, 'invalid_token', { accessTokenMissing: 'an access token is required' });

const REFUSALS = { ...OF_ENDPOINT, ...OF_STATE, ...OF_LOGOUT, ...OF_API };

/** Name of a refusal. Stable; appears in logs and tests. The wire shows only `error`. @publicApi */
export type RefusalReason = keyof typeof REFUSALS;

/** Log details of a refusal. @publicApi */
export interface RefusalOptions extends ErrorOptions {
  /** What exactly was wrong, in your words. */
  details?: string | undefined;
  /** `jti` of the rejected assertion. */
  jti?: string | undefined;
  /** Seconds to wait before the next try. */
  retryAfter?: number | undefined;
}

/** A refusal: thrown when a request to the endpoint or to a guarded API, or an in-process revocation is rejected. @publicApi */
export class RevocationError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Wire value of `error`. The answer to `accessTokenMissing` has none. @see RFC 6750 §3.1 */
  readonly error: string;

  /** What exactly was wrong. For the log, never for the answer. */
  readonly details: string | undefined;
  /** `jti` of the rejected assertion, as the caller sent it. For the log, never for the answer. */
  readonly jti: string | undefined;
  /** Seconds to wait before the next try; undefined if waiting does not help. @see RFC 9110 §10.2.3 */
  readonly retryAfter: number | undefined;

  /**
   * @param reason name of the refusal
   * @param options.cause underlying error. For the log, never for the answer
   */
  constructor(
    readonly reason: RefusalReason,
    options: RefusalOptions = {},
  ) {
    const [status, error, description] = REFUSALS[reason];
    super(description, options);
    this.name = 'RevocationError';
    this.status = status;
    this.error = error;
    this.details = options.details;
    this.jti = options.jti;
    this.retryAfter = options.retryAfter ?? (reason === 'unavailable' ? RETRY_AFTER : undefined);
  }

  /** Whether the message may be shown. With it, Nest 12 takes the error for an HTTP error on a route of the host. */
  readonly expose = true;

  /** Same as `status`, for Nest's own exception filter. */
  get statusCode(): number {
    return this.status;
  }
}

/** Returns any error as a refusal. One that is none becomes `unavailable`. */
export const asRefusal = (error: unknown): RevocationError =>
  error instanceof RevocationError ? error : new RevocationError('unavailable', { cause: error });

const allOf = (rows: Partial<typeof REFUSALS>): RevocationError[] =>
  (Object.keys(rows) as RefusalReason[]).map((reason) => new RevocationError(reason));

/** All refusals of the endpoint, for documentation, metrics and tests. */
export const refusals = (): RevocationError[] => allOf(OF_ENDPOINT);

/** Refusals that only requests for the state of a revocation have. */
export const stateRefusals = (): RevocationError[] => allOf(OF_STATE);

/** Refusals that only logout tokens have. */
export const logoutRefusals = (): RevocationError[] => allOf(OF_LOGOUT);

/** Refusals that only the guard for APIs has. */
export const apiRefusals = (): RevocationError[] => allOf(OF_API);
