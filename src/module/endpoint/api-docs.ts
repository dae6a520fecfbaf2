import { applyDecorators } from '@nestjs/common';
import type { ApiResponseOptions } from '@nestjs/swagger';
import { GLOBAL_REVOCATION_SCOPE } from '../options/global-revocation.options.js';
import { type RevocationError, refusals } from '../revocation.errors.js';
import { subjectIdentifierExamples, subjectIdentifierSchema } from './api-docs.subject-identifier.js';
import { ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from './swagger.js';

/** Security schemes that the host's OpenAPI document must define. @publicApi */
export const API_SECURITY = { basic: 'basic', oauth2: 'oauth2', dpop: 'dpop', assertion: 'assertion' } as const;

const header = (description: string, example: string) => ({
  description,
  required: true,
  schema: { type: 'string' as const },
  example,
});

export const NO_STORE = { 'Cache-Control': header('Responses are not cached.', 'no-store') };

const LOCATION = {
  ...header(
    'URL of the state of this revocation, for this caller only. Missing if the application has not set `auditKey`.',
    'https://op.example.com/global-token-revocation/…',
  ),
  required: false,
};

/** @see RFC 9449 §4.1 */
const DPOP_HEADER = {
  name: 'DPoP',
  required: false,
  description:
    'Proof of possession of the key that the access token is bound to, created for this request. Only with `Authorization: DPoP`.',
  schema: { type: 'string' as const },
};

/** Headers of a status besides `Cache-Control`. */
const HEADERS: Partial<Record<number, ApiResponseOptions['headers']>> = {
  401: {
    'WWW-Authenticate': header(
      'One challenge for each offered scheme.',
      'Basic realm="https://op.example.com", charset="UTF-8"',
    ),
  },
  403: {
    'WWW-Authenticate': {
      ...header('The missing scope.', 'Bearer error="insufficient_scope", scope="global_token_revocation"'),
      required: false,
    },
  },
  405: { Allow: header('The only allowed method.', 'POST') },
  429: { 'Retry-After': header('Seconds to wait before the next try.', '42') },
  503: { 'Retry-After': header('Seconds to wait before the next try. Repeating the request is safe.', '5') },
};

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'The body is invalid, or the request has several credentials or a # in its address',
  401: 'The credentials are missing or wrong',
  403: 'The caller lacks the scope, or global token revocation is switched off',
  404: 'No such user',
  405: 'The method is not POST',
  413: 'The body is larger than 8 kB',
  415: 'The body is not JSON in UTF-8, or is compressed',
  422: 'The user cannot be revoked, or the identifier matches several users',
  429: 'Too many wrong credentials, or too many calls',
  503: 'The database does not answer',
};

/** One response per status, with every possible body. @param meanings replace those of revocations */
export const refusalResponses = (
  all: readonly RevocationError[],
  meanings: Readonly<Record<number, string>> = {},
): MethodDecorator[] => describedRefusals(all, meanings).map((response) => ApiResponse(response));

/** {@link refusalResponses}, as data. */
export function describedRefusals(all: readonly RevocationError[], meanings: Readonly<Record<number, string>>) {
  const statuses = [...new Set(all.map(({ status }) => status))];
  return statuses.map((status) => {
    const group = all.filter((refusal) => refusal.status === status);
    return {
      status,
      description: meanings[status] ?? MEANINGS[status] ?? '',
      headers: { ...NO_STORE, ...HEADERS[status] },
      content: { 'application/json': { schema: bodySchema(group), examples: examplesOf(group) } },
    };
  });
}

const bodySchema = (group: RevocationError[]) => ({
  type: 'object' as const,
  required: ['error', 'error_description'],
  additionalProperties: false,
  properties: {
    error: { type: 'string' as const, enum: [...new Set(group.map(({ error }) => error))] },
    error_description: { type: 'string' as const, enum: [...new Set(group.map(({ message }) => message))] },
  },
});

const examplesOf = (group: RevocationError[]) =>
  Object.fromEntries(
    group.map(({ reason, error, message }) => [reason, { value: { error, error_description: message } }]),
  );

export const credentials = (): MethodDecorator[] => [
  ApiSecurity(API_SECURITY.basic),
  ApiSecurity(API_SECURITY.oauth2, [GLOBAL_REVOCATION_SCOPE]),
  ApiSecurity(API_SECURITY.assertion),
  ApiSecurity(API_SECURITY.dpop),
  ApiHeader(DPOP_HEADER),
];

export const ApiGlobalRevocationTag = (): ClassDecorator => ApiTags('Global Token Revocation');

/** OpenAPI description of the endpoint. @see draft-parecki-oauth-global-token-revocation-06 §3 */
export const ApiGlobalRevocation = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'globalTokenRevocation',
      summary: 'End every token and session of one user',
      description:
        'From the response on, the server rejects all refresh tokens, access tokens, sessions, authorization codes, device ' +
        'codes and pending sign-ins of the user. The user must sign in again to get new tokens.',
    }),
    ...credentials(),
    ApiBody({
      required: true,
      description: 'Exactly one member: the subject identifier of the user.',
      schema: {
        type: 'object',
        required: ['sub_id'],
        additionalProperties: false,
        properties: { sub_id: subjectIdentifierSchema },
      },
      examples: subjectIdentifierExamples,
    }),
    ApiResponse({
      status: 204,
      description: 'Everything is revoked, or there was nothing to revoke',
      headers: { ...NO_STORE, Location: LOCATION },
    }),
    ...refusalResponses(refusals()),
  );

/** Returns the path of a URL in an OpenAPI document: below its first server, or below the host if it has none. */
export function documentedPath({ servers }: { servers?: ReadonlyArray<{ url: string }> }, url: string): string {
  const server = servers?.[0]?.url.replace(/\/$/, '');
  return server !== undefined && url.startsWith(`${server}/`) ? url.slice(server.length) : new URL(url).pathname;
}
