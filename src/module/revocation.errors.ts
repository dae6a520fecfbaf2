/** Seconds after which a caller may try again when the database did not answer. */
const RETRY_AFTER = 5;

/** The same for everybody who cannot sign: who is registered, and for which algorithms, is not told. */
const NOT_TRUSTED = 'the assertion is not of a registered issuer, or none of its keys made the signature';

/**
 * Every way the endpoint refuses, in one table: name → status, `error`, description. The descriptions are fixed texts,
 * so that no answer can echo input.
 *
 * @see draft-parecki-oauth-global-token-revocation-06 §3.4.2
 * @see RFC 6749 §5.2, RFC 6750 §3.1, RFC 9449 §7.1, RFC 6585 §4, RFC 9110 §15.5, §15.6.4
 */
const REFUSALS = {
  methodNotAllowed: [405, 'invalid_request', 'only POST is allowed'],
  contentType: [415, 'invalid_request', 'the body must be application/json in UTF-8'],
  contentEncoding: [415, 'invalid_request', 'the body must not be compressed'],
  bodyTooLarge: [413, 'invalid_request', 'the body is larger than 8192 bytes'],
  severalCredentials: [400, 'invalid_request', 'exactly one credential may be sent'],
  invalidClient: [401, 'invalid_client', 'client authentication failed'],
  invalidToken: [401, 'invalid_token', 'the access token is invalid, expired or revoked'],
  boundToken: [401, 'invalid_token', 'the access token is bound to a key or certificate that did not come with it'],
  keyOfAnotherToken: [401, 'invalid_token', 'the access token is not bound to the key of the DPoP proof'],
  dpopProofMissing: [401, 'invalid_dpop_proof', 'exactly one DPoP header with a proof must come with the access token'],
  dpopProofMalformed: [
    401,
    'invalid_dpop_proof',
    'the DPoP proof must be a JWT of typ dpop+jwt with an accepted alg, its public key as jwk, a jti and iat',
  ],
  dpopProofSignature: [401, 'invalid_dpop_proof', 'the DPoP proof is not signed with the key in its jwk'],
  dpopProofRequest: [
    401,
    'invalid_dpop_proof',
    'htm and htu of the DPoP proof must be the method and the published URL of this endpoint',
  ],
  dpopProofTime: [401, 'invalid_dpop_proof', 'the DPoP proof must be made anew, and the clock be right: see its iat'],
  dpopProofToken: [401, 'invalid_dpop_proof', 'ath of the DPoP proof must be the hash of the access token'],
  dpopProofReplayed: [401, 'invalid_dpop_proof', 'the DPoP proof was used before'],
  assertionMalformed: [
    401,
    'invalid_token',
    'the assertion is not a JWT in compact form with a JSON header and claims, or it uses crit',
  ],
  assertionType: [
    401,
    'invalid_token',
    'typ of the assertion must be global-token-revocation+jwt of an identity provider, client-authentication+jwt or none of a client',
  ],
  assertionAlgorithm: [
    401,
    'invalid_token',
    'the assertion must be signed with an asymmetric algorithm that is accepted here: see the metadata',
  ],
  assertionUntrusted: [401, 'invalid_token', NOT_TRUSTED],
  assertionAlgorithmNotListed: [401, 'invalid_token', NOT_TRUSTED],
  assertionClaims: [
    401,
    'invalid_token',
    'the assertion must have iss, sub, aud, exp and jti, of an identity provider also iat, each well-formed',
  ],
  assertionSubject: [401, 'invalid_token', 'sub of the assertion is not the one expected of its issuer'],
  assertionAudience: [
    401,
    'invalid_token',
    'aud of the assertion must be one: of a client our issuer, of an identity provider the published URL of this endpoint',
  ],
  assertionExpired: [401, 'invalid_token', 'the assertion has expired: make one for each request'],
  assertionEarly: [401, 'invalid_token', 'nbf or iat of the assertion is in the future'],
  assertionLifetime: [
    401,
    'invalid_token',
    'the assertion is valid for too long: at most 5 minutes from iat, of a client an hour',
  ],
  assertionReplayed: [401, 'invalid_token', 'the assertion was used before, with another body'],
  credentialsMissing: [401, 'invalid_client', 'client authentication is required'],
  featureDisabled: [403, 'access_denied', 'global token revocation is switched off'],
  insufficientScope: [403, 'insufficient_scope', 'the scope global_token_revocation is required'],
  malformedJson: [400, 'invalid_request', 'the body is not one JSON object with unique names and a depth of at most 4'],
  malformedRequest: [400, 'invalid_request', 'the body must have exactly one member, sub_id'],
  differentSubjects: [400, 'invalid_request', 'sub_id and subject are not the same'],
  unsupportedFormat: [400, 'invalid_request', 'the format of sub_id is not supported here'],
  invalidIdentifier: [400, 'invalid_request', 'sub_id must have exactly the members of its format, each in valid form'],
  unknownSubject: [404, 'not_found', 'no such user'],
  ambiguousSubject: [422, 'unprocessable', 'the identifier names more than one user'],
  notRevocable: [422, 'unprocessable', 'the user cannot be revoked'],
  tooManyFailures: [429, 'temporarily_unavailable', 'too many failed attempts; try again later'],
  tooManyCalls: [429, 'temporarily_unavailable', 'too many requests; try again later'],
  unavailable: [503, 'temporarily_unavailable', 'try again later'],
} as const satisfies Record<string, readonly [status: number, error: string, description: string]>;

/** Name of a refusal: stable, for logs and tests; the wire shows `error` only. @publicApi */
export type RefusalReason = keyof typeof REFUSALS;

/** What goes to the log with a refusal. @publicApi */
export interface RefusalOptions extends ErrorOptions {
  /** What exactly was wrong, in words of yours. */
  details?: string | undefined;
  /** `jti` of the assertion that was refused. */
  jti?: string | undefined;
  /** Seconds after which to try again. */
  retryAfter?: number | undefined;
}

/** A request to the endpoint, or an in-process revocation, that is refused. @publicApi */
export class RevocationError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Wire value of `error`. */
  readonly error: string;

  /** What exactly was wrong, in words of ours; for the log, never for the answer. */
  readonly details: string | undefined;
  /** `jti` of the assertion that was refused, as the caller sent it; for the log, never for the answer. */
  readonly jti: string | undefined;
  /** Seconds after which to try again; undefined when that would not help. @see RFC 9110 §10.2.3 */
  readonly retryAfter: number | undefined;

  /**
   * @param reason which refusal
   * @param options.cause what led here; for the log, never for the answer
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

  /** The same as `status`: by this name Nest's own filter answers with it where a host's route lets it through. */
  get statusCode(): number {
    return this.status;
  }
}

/** All refusals, for documentation and tests. */
export const refusals = (): RevocationError[] =>
  (Object.keys(REFUSALS) as RefusalReason[]).map((reason) => new RevocationError(reason));
