import { SUPPORTED } from './event-types.js';
import { METHODS } from './stream-configuration.js';

const text = { type: 'string' } as const;
const uri = { type: 'string', format: 'uri' } as const;
const texts = { type: 'array', items: text } as const;
const count = { type: 'integer', minimum: 0 } as const;

const object = (
  properties: Readonly<Record<string, object>>,
  required: readonly string[] = Object.keys(properties),
) => ({
  type: 'object',
  ...(required.length > 0 && { required }),
  properties,
});

const ref = (name: keyof typeof schemas) => ({ $ref: `#/components/schemas/${name}` });

const delivery = object(
  {
    method: { ...text, enum: Object.values(METHODS) },
    endpoint_url: {
      ...uri,
      description:
        'With push, the URL to which events are sent. With poll, the URL to poll, which the transmitter supplies.',
    },
    authorization_header: { ...text, description: 'With push, the value of the header `Authorization`.' },
  },
  ['method'],
);

/** What a receiver supplies. */
const supplied = {
  events_requested: { ...texts, example: SUPPORTED },
  delivery: { ...delivery, description: 'Without it, the receiver polls a new stream.' },
  description: text,
};

const status = { ...text, enum: ['enabled', 'paused', 'disabled'] };
const stream_id = text;

/** Schemas that several operations use. @see OpenID.SSF §7.1, §8.1.1, §8.1.2 */
export const schemas = {
  SsfTransmitter: object({
    spec_version: { ...text, example: '1_0' },
    issuer: uri,
    jwks_uri: uri,
    delivery_methods_supported: texts,
    configuration_endpoint: uri,
    status_endpoint: uri,
    verification_endpoint: uri,
    add_subject_endpoint: uri,
    remove_subject_endpoint: uri,
    authorization_schemes: { type: 'array', items: object({ spec_urn: text }) },
    default_subjects: { ...text, enum: ['ALL', 'NONE'] },
  }),
  SsfStream: object(
    {
      stream_id,
      iss: uri,
      aud: text,
      events_supported: texts,
      events_requested: texts,
      events_delivered: texts,
      delivery,
      min_verification_interval: count,
      description: text,
    },
    ['stream_id', 'iss', 'aud', 'events_supported', 'events_delivered', 'delivery', 'min_verification_interval'],
  ),
  SsfStatus: object({ stream_id, status, reason: text }, ['stream_id', 'status']),
  SsfRefusal: object({ error: text, error_description: text }),
};

/** Content of a type. */
export const JSON_TYPE = (schema: object) => ({ 'application/json': { schema } });

export const BODY = JSON_TYPE(ref('SsfRefusal'));

export const MEMBERS = {
  inPath: { name: 'stream_id', in: 'path', required: true, schema: stream_id },
  inQuery: { name: 'stream_id', in: 'query', schema: stream_id },
};

/** What a refusal means, by status. */
export const STATUSES: Readonly<Record<number, string>> = {
  400: 'The request is invalid, or has several credentials',
  401: 'The access token is missing or invalid',
  403: 'The access token lacks the scope, or an operator has set the status',
  404: 'The receiver has no such stream, or the feature flag is off',
  409: 'The receiver already has a stream. It can have only one',
  413: 'The body is too large',
  415: 'The body is not JSON in UTF-8, or is compressed',
  429: 'Too many requests',
  503: 'The database does not answer',
};

interface Described {
  id: string;
  summary: string;
  /** Schema of the body. */
  request?: object;
  /** `stream_id` in the query. */
  query?: 'required' | 'optional';
  /** Status of success. */
  status: number;
  /** Schema of its body. */
  answer?: object;
  /** Further statuses. */
  refusals?: readonly number[];
}

const changed = { status: 200, answer: ref('SsfStream') } as const;
const subject = {
  ...object({ format: text }),
  description: 'A subject identifier of RFC 9493.',
  additionalProperties: true,
};
const withSubject = object({ stream_id, subject, verified: { type: 'boolean' } }, ['stream_id', 'subject']);

/** Every operation, by method and path below that of the management API. @see OpenID.SSF §8.1, RFC 8936 §2 */
export const OPERATIONS: Readonly<Record<string, Described>> = {
  'POST streams': {
    id: 'ssfCreateStream',
    summary: 'Create the stream of the receiver',
    request: object(supplied, []),
    status: 201,
    answer: ref('SsfStream'),
    refusals: [409],
  },
  'GET streams': {
    id: 'ssfReadStreams',
    summary: 'Read one stream, or the list of streams of the receiver, which has at most one',
    query: 'optional',
    status: 200,
    answer: { oneOf: [ref('SsfStream'), { type: 'array', items: ref('SsfStream') }] },
  },
  'PATCH streams': {
    id: 'ssfUpdateStream',
    summary: 'Change the members in the request',
    request: object({ stream_id, ...supplied }, ['stream_id']),
    ...changed,
  },
  'PUT streams': {
    id: 'ssfReplaceStream',
    summary: 'Replace all members that a receiver can supply',
    request: object({ stream_id, ...supplied }, ['stream_id', 'delivery']),
    ...changed,
  },
  'DELETE streams': {
    id: 'ssfDeleteStream',
    summary: 'Delete the stream',
    query: 'required',
    status: 204,
  },
  'GET status': {
    id: 'ssfReadStatus',
    summary: 'Read the status of the stream',
    query: 'required',
    status: 200,
    answer: ref('SsfStatus'),
  },
  'POST status': {
    id: 'ssfUpdateStatus',
    summary: 'Enable, pause or disable the stream',
    request: ref('SsfStatus'),
    status: 200,
    answer: ref('SsfStatus'),
  },
  'POST verify': {
    id: 'ssfVerify',
    summary: 'Ask for a verification event',
    request: object({ stream_id, state: text }, ['stream_id']),
    status: 204,
  },
  'POST subjects/add': {
    id: 'ssfAddSubject',
    summary: 'Add a user to the stream',
    request: withSubject,
    status: 200,
  },
  'POST subjects/remove': {
    id: 'ssfRemoveSubject',
    summary: 'Remove a user from the stream',
    request: withSubject,
    status: 204,
  },
  'POST poll': {
    id: 'ssfPoll',
    summary: 'Acknowledge events and fetch new ones, if the stream is polled',
    request: object(
      {
        maxEvents: count,
        returnImmediately: { type: 'boolean' },
        ack: texts,
        setErrs: { type: 'object', additionalProperties: object({ err: text, description: text }, []) },
      },
      [],
    ),
    status: 200,
    answer: object({ sets: { type: 'object', additionalProperties: text }, moreAvailable: { type: 'boolean' } }, [
      'sets',
    ]),
  },
};
