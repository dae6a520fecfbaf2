import type { EventReason } from '../../../src/module/audit/audit-event.js';

/** Whose turn it is. */
export type Responsible = 'caller' | 'operator' | 'application' | 'nobody';

/** What the page on errors says of one reason, besides its row in the source. */
export interface ErrorText {
  meaning: string;
  /** Who can change something about it: of the calling program, of this server, of the application that has the module. */
  who: readonly Responsible[];
  remedy: string;
}

const CLOCK = 'Synchronize the clock of the caller (NTP).';

/** A text for every reason: the compiler misses one that is forgotten. */
export const ERROR_TEXTS: Readonly<Record<EventReason, ErrorText>> = {
  methodNotAllowed: {
    meaning: 'The request was not a POST.',
    who: ['caller'],
    remedy: 'Send a POST request. A browser that opens the address sends GET, and so does `curl` without `-d`.',
  },
  contentType: {
    meaning: '`Content-Type` is missing, occurs twice, or is not `application/json` in UTF-8.',
    who: ['caller'],
    remedy: 'Send exactly one header `Content-Type: application/json`. Form bodies are never accepted.',
  },
  contentEncoding: {
    meaning: 'The body is compressed.',
    who: ['caller'],
    remedy: 'Send the body uncompressed, without `Content-Encoding`.',
  },
  bodyTooLarge: {
    meaning: 'The body has more than 8,192 bytes.',
    who: ['caller'],
    remedy: 'Send only `sub_id`. No user has an identifier this long.',
  },
  requestTarget: {
    meaning: 'The request target has a fragment, which no HTTP client sends.',
    who: ['caller'],
    remedy: 'Use the URL of the endpoint from the metadata.',
  },
  severalCredentials: {
    meaning:
      'The request carries more than one credential: two `Authorization` headers, two credentials joined in one header, or one in ' +
      'the header and another in the address.',
    who: ['caller', 'operator'],
    remedy:
      'Send one credential in one `Authorization` header. If the caller does so, look for a proxy that adds another.',
  },
  invalidClient: {
    meaning:
      'HTTP Basic with an unknown client id or a wrong secret, a client that is not registered for secrets, a header that cannot be read, ' +
      'or a scheme that is not accepted here.',
    who: ['caller', 'operator'],
    remedy:
      'Check the id and secret. Both halves must be form-encoded if they contain special characters (RFC 6749 §2.3.1). ' +
      '`clients list` shows who is registered; `clients rotate-secret` creates a new secret. An access token ends here if the application ' +
      'offers none: see `AccessTokens` and `jwtAccessTokens`.',
  },
  clientDisabled: {
    meaning:
      'The client is registered and its secret is right, but an operator has disabled it. The answer is that of `invalidClient`.',
    who: ['operator'],
    remedy: 'If the client should work again, run `clients enable ID`. Otherwise find out who still uses it.',
  },
  invalidToken: {
    meaning:
      'The access token is unknown, expired, revoked or malformed, or its client is not registered or is disabled.',
    who: ['caller', 'operator'],
    remedy:
      'Get a new token with the client credentials grant. If new tokens are rejected too, check that their client is registered and ' +
      'enabled (`clients list`), and for JWTs that `jwtAccessTokens` has the right keys and audience.',
  },
  boundToken: {
    meaning:
      'The token is bound to a key or to a certificate, and the request did not show it; or an unbound token was sent with the scheme `DPoP`.',
    who: ['caller', 'operator'],
    remedy:
      'Send a DPoP-bound token as `Authorization: DPoP` with a proof, and an unbound one as `Bearer`. For a certificate-bound token, ' +
      'the client must show its certificate, and the server needs the option `mutualTls`.',
  },
  keyOfAnotherToken: {
    meaning: 'The DPoP proof is valid, but the token is bound to another key.',
    who: ['caller'],
    remedy: 'Sign the proof with the key that was used to get this token.',
  },
  dpopProofMissing: {
    meaning: 'The request uses the scheme `DPoP` without a `DPoP` header, or has several.',
    who: ['caller'],
    remedy: 'Send exactly one `DPoP` header with one proof.',
  },
  dpopProofMalformed: {
    meaning:
      'The DPoP proof is not a JWT of `typ` `dpop+jwt`, uses an algorithm that is not accepted, lacks `jwk`, `jti` or `iat`, or has ' +
      'more than 4,096 characters.',
    who: ['caller'],
    remedy:
      '`error.message` in the log names the part. Accepted algorithms are in the `WWW-Authenticate` header of the answer.',
  },
  dpopProofSignature: {
    meaning: 'The signature of the DPoP proof does not fit the `jwk` in its header.',
    who: ['caller'],
    remedy: 'Sign the proof with the private key that belongs to `jwk`.',
  },
  dpopProofRequest: {
    meaning: '`htm` or `htu` of the DPoP proof does not match the request.',
    who: ['caller', 'operator'],
    remedy:
      'Set `htm` to the method of the request, and `htu` to its address without query: for a revocation, `POST` and ' +
      '`global_token_revocation_endpoint` from the metadata. If the caller does so, ' +
      'the published address is wrong: check `issuer`, `path` and prefixes.',
  },
  dpopProofTime: {
    meaning: '`iat` of the DPoP proof is more than 60 seconds away from the clock of the server.',
    who: ['caller', 'operator'],
    remedy: `Create a new proof for each request. ${CLOCK}`,
  },
  dpopProofToken: {
    meaning: '`ath` of the DPoP proof is not the hash of the access token in the request.',
    who: ['caller'],
    remedy: 'Set `ath` to the base64url of the SHA-256 of the access token that is sent.',
  },
  dpopProofReplayed: {
    meaning: 'The DPoP proof was used before, on this node or another.',
    who: ['caller'],
    remedy: 'Create a new proof with a new `jti` for each request, including each repetition.',
  },
  assertionMalformed: {
    meaning: 'The signed JWT cannot be read, or its header contains `crit`.',
    who: ['caller'],
    remedy:
      'Send a JWT in compact form with a JSON header and JSON claims, with `typ` and `kid` as text if present, without `crit`.',
  },
  assertionType: {
    meaning: '`typ` of the signed JWT is neither that of an identity provider nor that of a client.',
    who: ['caller'],
    remedy:
      'Set `typ` to `global-token-revocation+jwt` (identity provider) or to `client-authentication+jwt` (client). ' +
      'An ID token or a logout token is not accepted.',
  },
  assertionAlgorithm: {
    meaning: 'The signed JWT uses `none`, a shared secret (`HS256`), or an algorithm that is not supported.',
    who: ['caller'],
    remedy:
      'Use an asymmetric algorithm. The metadata lists them as `global_token_revocation_endpoint_auth_signing_alg_values_supported`.',
  },
  assertionUntrusted: {
    meaning: 'No client or identity provider with this `iss` is registered, or none of its keys created the signature.',
    who: ['operator', 'caller'],
    remedy:
      'Compare `iss` with the configuration byte for byte, including a slash at the end. Check that the signing key is among the ' +
      'registered keys. `callers test JWT` shows what is expected.',
  },
  assertionAlgorithmNotListed: {
    meaning:
      'The algorithm is supported, but not in the list of this identity provider or client. The answer is that of `assertionUntrusted`.',
    who: ['operator', 'caller'],
    remedy:
      'Add the algorithm to `algorithms` of the identity provider, or to the metadata of the client; or sign with a listed one.',
  },
  assertionClaims: {
    meaning: 'A required claim is missing or has the wrong type.',
    who: ['caller'],
    remedy:
      'Send `iss`, `sub`, `aud`, `exp` and `jti`; as an identity provider also `iat`. `error.message` names the claim.',
  },
  assertionSubject: {
    meaning: '`sub` of the signed JWT is not the configured `subject` of its identity provider, or not the client id.',
    who: ['operator', 'caller'],
    remedy: 'Compare `sub` with the configuration. Okta sends the client id or instance id of the app.',
  },
  assertionAudience: {
    meaning: '`aud` of the signed JWT is not exactly the expected value.',
    who: ['caller', 'operator'],
    remedy:
      'An identity provider sends the published address of the endpoint, a client sends the issuer, and nothing else. ' +
      'If the address is right, check `issuer`, `path` and prefixes of the server, or set `audience`.',
  },
  assertionExpired: {
    meaning: '`exp` of the signed JWT is in the past.',
    who: ['caller', 'operator'],
    remedy: `Create a new JWT for each request. ${CLOCK}`,
  },
  assertionEarly: {
    meaning: '`nbf` or `iat` of the signed JWT is in the future by more than the clock tolerance.',
    who: ['caller', 'operator'],
    remedy: `${CLOCK} An identity provider can be given up to 60 seconds with \`clockToleranceSeconds\`.`,
  },
  assertionLifetime: {
    meaning: 'The signed JWT is valid for longer than 5 minutes from `iat`, or an hour for a client.',
    who: ['caller'],
    remedy: 'Make the JWT expire sooner.',
  },
  assertionReplayed: {
    meaning:
      'The signed JWT has already been used with a different body. With the same body, the answer is 204 and nothing happens twice.',
    who: ['caller', 'operator'],
    remedy:
      'Use a new `jti` for each request. If the caller does so, somebody else replays its requests: the log shows who.',
  },
  logoutRequest: {
    meaning:
      'The body is not `application/x-www-form-urlencoded`, or does not have exactly one `logout_token`. `error.message` names which.',
    who: ['caller'],
    remedy: 'Check in the identity provider that it sends OpenID Connect back-channel logout to this address.',
  },
  logoutTokenMalformed: {
    meaning:
      'The token is not a compact JWT, has another `typ` (such as that of a security event or a signed revocation request), or is not signed ' +
      'with an asymmetric algorithm. `error.message` begins with the check of the [signed requests](#assertionmalformed) that failed.',
    who: ['caller'],
    remedy: 'Set an asymmetric algorithm for this client in the identity provider, such as RS256.',
  },
  logoutTokenUntrusted: {
    meaning:
      'No identity provider has this `iss` in `issuers` and this `aud` as `logoutClientId`; or none of its keys, or none of its ' +
      '`algorithms`, verifies the signature.',
    who: ['operator', 'caller'],
    remedy:
      'Compare `iss` and `aud` of the token with `issuers` and `logoutClientId`, byte for byte, and `kid` with the keys of the identity provider.',
  },
  logoutTokenClaims: {
    meaning:
      'A claim is missing or invalid, `events` has no `http://schemas.openid.net/event/backchannel-logout` with an object, there is a `nonce`, or ' +
      "the token has only a `sid`, which is enough only with `logoutEnds: 'session'` and without a tenant. `error.message` names the claim.",
    who: ['caller', 'operator'],
    remedy:
      'If `error.message` names `sub`, configure the identity provider to send it, or see ' +
      '[End one session only](../guides/upstream-logout.md#end-one-session-only). Otherwise, the JWT is not a logout token.',
  },
  logoutTokenTime: {
    meaning:
      '`exp` is in the past, `iat` or `nbf` is in the future, or `exp` is more than 5 minutes after `iat`. `error.message` says which.',
    who: ['caller', 'operator'],
    remedy: 'Synchronize the clocks (NTP). `clockToleranceSeconds` accepts up to 60 seconds of difference.',
  },
  logoutTokenReplayed: {
    meaning:
      'Another JWT of the same issuer with this `jti` has been used. The same token again is answered 200 and ends nothing twice.',
    who: ['caller'],
    remedy: 'The identity provider must use a new `jti` for each token.',
  },
  logoutTokenUser: {
    meaning:
      'Several users are linked to this `iss` and `sub`, `sub` is not valid text, or the user cannot be revoked. `error.message` says which.',
    who: ['application', 'operator'],
    remedy: 'Link each account of the identity provider to exactly one user, or see `ambiguousSubject`.',
  },
  credentialsMissing: {
    meaning: 'The request has no credential.',
    who: ['caller', 'operator'],
    remedy: 'Send an `Authorization` header. If the caller does so, look for a proxy that removes it.',
  },
  accessTokenMissing: {
    meaning: 'A request to an API has no header `Authorization`.',
    who: ['caller'],
    remedy: 'Send an access token for the API. If the caller does so, look for a proxy that removes the header.',
  },
  featureDisabled: {
    meaning:
      'The feature flag `GLOBAL_TOKEN_REVOCATION` is off. While it is off, the metadata does not name the endpoint.',
    who: ['operator'],
    remedy:
      '`flags list` shows the flag, and `changes list` who switched it off. `flags enable GLOBAL_TOKEN_REVOCATION` switches it on.',
  },
  insufficientScope: {
    meaning:
      'The caller is authenticated, but lacks the scope `global_token_revocation`; or the access token is that of a person.',
    who: ['operator', 'caller'],
    remedy:
      'Register the client with the scope. A caller with an access token must also ask for the scope when it gets the token. ' +
      'A token of a person is never accepted.',
  },
  malformedJson: {
    meaning: 'The body is not one JSON object, repeats a name, or is nested more than 4 levels deep.',
    who: ['caller'],
    remedy: 'Send `{"sub_id": …}` as plain JSON, without comments and trailing commas.',
  },
  malformedRequest: {
    meaning: 'The body lacks `sub_id`, or has other members.',
    who: ['caller', 'application'],
    remedy:
      'Send `sub_id` and nothing else. For a caller built on drafts -00 to -02, which send `subject`, set `acceptSubjectMember`.',
  },
  differentSubjects: {
    meaning: 'The body has both `sub_id` and `subject`, with different values.',
    who: ['caller'],
    remedy: 'Send only `sub_id`.',
  },
  unsupportedFormat: {
    meaning: 'The application does not map this `format` to its users.',
    who: ['application', 'caller'],
    remedy:
      'Map the format in the option `users`, or name the user in another format. `gtr.format` is not logged for unknown formats.',
  },
  invalidIdentifier: {
    meaning: 'A member of the identifier is missing, unknown, empty, not text, or not valid for its format.',
    who: ['caller'],
    remedy: 'Send exactly the members of the format, each in valid form: see [Request](http.md#request).',
  },
  unknownSubject: {
    meaning:
      'No user matches, or the caller may not name this user or use this format. The answer does not say which. It is 204 where ' +
      '`unknownSubject` is `no_content`.',
    who: ['caller', 'operator'],
    remedy:
      '`users find` with the same identifier says whether the user exists. If so, compare with the restrictions of the caller: ' +
      '`callers test` says for a signed request which restriction applies.',
  },
  unknownRevocation: {
    meaning:
      'The address is not that of a state of a revocation for this caller: it was changed, belongs to another caller or is more than 28 days old, or `auditKey` was ' +
      'changed or is not set.',
    who: ['caller'],
    remedy: 'Use the `Location` of the 204 as it is, with the same client id as for the revocation.',
  },
  ambiguousSubject: {
    meaning:
      'Several users match and `ambiguousSubject` is `reject`, or the entries of `aliases` name different users.',
    who: ['caller', 'application'],
    remedy: 'Name the user by a unique attribute.',
  },
  notRevocable: {
    meaning:
      'A user was found but cannot be revoked: the account id is empty, longer than 255 characters or a number that the driver has rounded, or so many users match that ' +
      'it is not certain which is the first.',
    who: ['application'],
    remedy: 'Check the property that `users.subject` names. Name the user by a unique attribute.',
  },
  tooManyFailures: {
    meaning:
      'Too many credentials were rejected from this source for this client id. `error.message` begins with the reason of the last rejection.',
    who: ['caller', 'operator'],
    remedy: 'Correct the credential: valid ones are still accepted. If it is not your caller, somebody is guessing.',
  },
  tooManyCalls: {
    meaning: 'The caller, or all callers together, exceeded the rate limit.',
    who: ['caller', 'operator'],
    remedy:
      'Wait for the seconds of `Retry-After` and repeat. Raise `rateLimits.calls` or `rateLimits.total` if the load is legitimate.',
  },
  unavailable: {
    meaning:
      'The database did not answer in time, too many statements were waiting, the keys of a caller could not be fetched, the shared ' +
      'store of rate limits did not answer, a component of the application threw, or something read the body before Nest did.',
    who: ['operator', 'application'],
    remedy:
      '`error.message` and `error.stack_trace` in the log name the cause. The caller repeats the request after `Retry-After`; that is ' +
      'safe: at worst the user is revoked once more.',
  },
  aborted: {
    meaning: 'The caller closed the connection before the answer. Whether the revocation took effect is unknown.',
    who: ['caller'],
    remedy: 'Repeat the request. Give the caller a timeout longer than `databaseTimeoutMs`.',
  },
  other: {
    meaning:
      'Another part of the application answered in place of the endpoint: a global guard, an interceptor, or another route.',
    who: ['application'],
    remedy:
      'Mark the endpoint as public for your own guard: see [controllerDecorators](options.md#controllerdecorators).',
  },
};
