import { applyDecorators } from '@nestjs/common';
import { refusals, stateRefusals } from '../revocation.errors.js';
import { credentials, NO_STORE, refusalResponses } from './api-docs.js';
import type { RevocationState } from './revocation-states.js';
import { ApiOperation, ApiParam, ApiResponse } from './swagger.js';

/** Statuses that a request without a body can get; 404 has a reason of its own. */
const SHARED = [401, 403, 429, 503];

const refused = [
  ...refusals().filter(({ status, reason }) => SHARED.includes(status) || reason === 'severalCredentials'),
  ...refusals().filter(({ reason }) => reason === 'requestTarget'),
  ...stateRefusals(),
];

const count = (description: string) => ({ type: 'integer' as const, minimum: 0, description });

const properties = {
  created_at: count('Time of the 204, in seconds since 1970.'),
  recipients: count('Notifications so far, to relying parties, streams and others.'),
  delivered: count('Notifications that arrived.'),
  pending: count('Notifications that are still being attempted, or that wait until their recipient fetches them.'),
  superseded: count(
    'Notifications that were not sent, because the recipient already had a newer session, had revoked the user itself, or is no longer to be told.',
  ),
  failed: count('Notifications that were given up.'),
  completed_at: {
    ...count(
      'When the last notification arrived or was given up, in seconds since 1970. Null while one is pending, and without any notification.',
    ),
    nullable: true,
  },
} satisfies Record<keyof RevocationState, object>;

const example: RevocationState = {
  created_at: 1_763_769_600,
  recipients: 3,
  delivered: 2,
  pending: 0,
  superseded: 0,
  failed: 1,
  completed_at: 1_763_780_112,
};

export const ApiRevocationState = (): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId: 'globalTokenRevocationState',
      summary: 'Show how many recipients were told about a revocation',
      description:
        'The address is the `Location` of the 204, and works for 28 days. Recipients are looked for in the background, so ask again after a ' +
        'few seconds. For an unknown user, all numbers are 0, as for a user whom no recipient knows.',
    }),
    ...credentials(),
    ApiParam({ name: 'id', description: 'The last segment of the `Location` of the 204.', schema: { type: 'string' } }),
    ApiResponse({
      status: 200,
      description: 'The state of the revocation',
      headers: NO_STORE,
      content: {
        'application/json': {
          schema: { type: 'object', required: Object.keys(properties), additionalProperties: false, properties },
          example,
        },
      },
    }),
    ...refusalResponses(refused, {
      404: 'This caller has no such revocation',
      400: 'The request has several credentials, or a # in its address',
    }),
  );
