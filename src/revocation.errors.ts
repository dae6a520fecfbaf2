/**
 * Every way the endpoint refuses, in one table: name → status, `error`, description. The descriptions are fixed texts,
 * so that no answer can echo input.
 *
 * @see RFC 6749 §5.2, RFC 6750 §3.1, draft-parecki-oauth-global-token-revocation-05 §4
 */
const REFUSALS = {
  methodNotAllowed: [405, 'invalid_request', 'only POST is allowed'],
  contentType: [415, 'invalid_request', 'the body must be application/json in UTF-8'],
  contentEncoding: [415, 'invalid_request', 'the body must not be compressed'],
  bodyTooLarge: [413, 'invalid_request', 'the body is larger than 8192 bytes'],
  severalCredentials: [400, 'invalid_request', 'exactly one credential may be sent'],
  invalidClient: [401, 'invalid_client', 'client authentication failed'],
  invalidToken: [401, 'invalid_token', 'the access token is invalid, expired or revoked'],
  credentialsMissing: [401, 'invalid_client', 'client authentication is required'],
  featureDisabled: [403, 'access_denied', 'global token revocation is switched off'],
  insufficientScope: [403, 'insufficient_scope', 'the scope global_token_revocation is required'],
  malformedJson: [400, 'invalid_request', 'the body is not one JSON object with unique names and a depth of at most 4'],
  malformedRequest: [400, 'invalid_request', 'the body must have exactly one member, sub_id'],
  invalidIdentifier: [400, 'invalid_request', 'sub_id is not a valid subject identifier of a supported format'],
  unknownSubject: [404, 'not_found', 'no such user'],
  ambiguousSubject: [422, 'unprocessable', 'the identifier names more than one user'],
  notRevocable: [422, 'unprocessable', 'the user cannot be revoked'],
  unavailable: [503, 'temporarily_unavailable', 'try again later'],
} as const satisfies Record<string, readonly [status: number, error: string, description: string]>;

/** Name of a refusal: stable, for logs and tests; the wire shows `error` only. */
export type RefusalReason = keyof typeof REFUSALS;

/** A request to the endpoint, or an in-process revocation, that is refused. */
export class RevocationError extends Error {
  /** HTTP status. */
  readonly status: number;
  /** Wire value of `error`. */
  readonly error: string;

  /**
   * @param reason which refusal
   * @param options.cause what led here; for the log, never for the answer
   */
  constructor(
    readonly reason: RefusalReason,
    options?: ErrorOptions,
  ) {
    const [status, error, description] = REFUSALS[reason];
    super(description, options);
    this.name = 'RevocationError';
    this.status = status;
    this.error = error;
  }
}

/** All refusals, for documentation and tests. */
export const refusals = (): RevocationError[] =>
  (Object.keys(REFUSALS) as RefusalReason[]).map((reason) => new RevocationError(reason));
