import { Inject, Injectable } from '@nestjs/common';
import { describedRefusals, documentedPath, NO_STORE } from '../endpoint/api-docs.js';
import { urlBelow } from '../options/endpoint.options.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { logoutRefusals, refusals } from '../revocation.errors.js';

/** What the address is added to: a document of `SwaggerModule.createDocument()`. @publicApi */
export interface LogoutApiDocument {
  paths: object;
  servers?: ReadonlyArray<{ url: string }>;
}

/** Refusals that logout tokens share with the endpoint. */
const SHARED = [
  'methodNotAllowed',
  'bodyTooLarge',
  'featureDisabled',
  'tooManyFailures',
  'tooManyCalls',
  'unavailable',
];

const MEANINGS = {
  400: 'The request or the logout token is invalid',
  403: 'Global token revocation is switched off',
  429: 'Too many rejected tokens, or too many calls',
  503: 'The keys cannot be fetched, or the database does not answer',
};

/**
 * Describes the address for logout tokens in an OpenAPI document. It is not a route of Nest's router, so `SwaggerModule`
 * does not see it.
 *
 * @publicApi
 */
@Injectable()
export class InboundLogoutDocs {
  constructor(@Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions) {}

  /**
   * Returns the document, with the address added if an identity provider has a `logoutClientId`.
   *
   * @param document the path is relative to its first server, or to the host if it has none
   */
  addTo<D extends LogoutApiDocument>(document: D): D {
    const { issuer, logoutPath, identityProviders } = this.options;
    if (identityProviders.every(({ logoutClientId }) => logoutClientId === undefined)) return document;
    const path = documentedPath(document, urlBelow(issuer, logoutPath));
    return { ...document, paths: { ...document.paths, [path]: { post: operation() } } };
  }
}

/** @see OpenID.Back-Channel §2.5, §2.8 */
function operation(): object {
  const all = [...refusals().filter(({ reason }) => SHARED.includes(reason)), ...logoutRefusals()];
  const form = { type: 'object', required: ['logout_token'], properties: { logout_token: { type: 'string' } } };
  return {
    operationId: 'upstreamLogout',
    tags: ['Global Token Revocation'],
    summary: 'Accept a back-channel logout token of an identity provider',
    description:
      'Ends all tokens and sessions of the user named by `iss` and `sub` of the token. If the identity provider has `logoutEnds: session`, a token ' +
      'with a `sid` ends only what came from that session. Only identity providers with a `logoutClientId` can send one.',
    security: [],
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: form } } },
    responses: Object.fromEntries<object>([
      [200, { description: 'The user or the session has ended, or is unknown here', headers: NO_STORE }],
      ...describedRefusals(all, MEANINGS).map(({ status, ...response }) => [status, response] as const),
    ]),
  };
}
