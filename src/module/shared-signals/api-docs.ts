import { Inject, Injectable } from '@nestjs/common';
import { API_SECURITY, documentedPath } from '../endpoint/api-docs.js';
import { BODY, JSON_TYPE, MEMBERS, OPERATIONS, schemas, STATUSES } from './api-docs.operations.js';
import { ManagementApi, type ServedOperation } from './management-api.js';
import { SCOPES } from './receiver.js';
import { TransmitterMetadata } from './transmitter-metadata.js';

/** What the endpoints are added to: a document of `SwaggerModule.createDocument()`. @publicApi */
export interface OpenApiDocument {
  paths: object;
  components?: { schemas?: object; securitySchemes?: object };
  servers?: ReadonlyArray<{ url: string }>;
  tags?: ReadonlyArray<{ name: string }>;
}

const TAG = 'Shared Signals';

/**
 * Describes the addresses of the transmitter in an OpenAPI document. They are not routes of Nest's router, so
 * `SwaggerModule` does not see them.
 *
 * @publicApi
 */
@Injectable()
export class SharedSignalsDocs {
  constructor(
    @Inject(ManagementApi) private readonly api: ManagementApi,
    @Inject(TransmitterMetadata) private readonly metadata: TransmitterMetadata,
  ) {}

  /**
   * Returns the OpenAPI document with the discovery document and the management API added. Define the security schemes {@link API_SECURITY} in it.
   *
   * @param document paths are relative to its first server, or to the host if it has none
   */
  addTo<D extends OpenApiDocument>(document: D): D {
    const server = document.servers?.[0]?.url.replace(/\/$/, '');
    const paths = new Map<string, Record<string, unknown>>([this.discovery(server)]);
    for (const operation of this.api.operations) {
      const path = documentedPath(document, this.metadata.urlOf(operation.path)) + below(operation);
      paths.set(path, { ...paths.get(path), [operation.method.toLowerCase()]: described(operation) });
    }
    return {
      ...document,
      tags: [...(document.tags ?? []), { name: TAG, description: 'Streams of security events for receivers' }],
      paths: { ...document.paths, ...Object.fromEntries(paths) },
      components: { ...document.components, schemas: { ...document.components?.schemas, ...schemas } },
    };
  }

  private discovery(server: string | undefined): [path: string, item: Record<string, unknown>] {
    const { origin } = new URL(this.metadata.urlOf(''));
    const get = {
      operationId: 'ssfDiscovery',
      tags: [TAG],
      summary: 'Discovery document of the transmitter',
      description: 'All addresses of Shared Signals exist only while the feature flag `SHARED_SIGNALS` is on.',
      security: [],
      responses: {
        200: { description: 'The document', content: JSON_TYPE({ $ref: '#/components/schemas/SsfTransmitter' }) },
        404: { description: 'The feature flag is off' },
      },
    };
    const isElsewhere = server !== undefined && server !== origin;
    return [this.metadata.documentPath, { get, ...(isElsewhere && { servers: [{ url: origin }] }) }];
  }
}

const below = ({ path }: ServedOperation): string => (path === 'poll' ? '/{stream_id}' : '');

function described({ method, path, access }: ServedOperation): object {
  const { id, summary, request, query, status, answer, refusals = [] } = OPERATIONS[`${method} ${path}`]!;
  const statuses = [400, 401, 403, 404, ...(request ? [413, 415] : []), 429, 503];
  const refused = [...statuses, ...refusals].toSorted((a, b) => a - b);
  const required = [{ [API_SECURITY.oauth2]: [SCOPES[access]] }, { [API_SECURITY.dpop]: [] }];
  const parameters = [
    ...(path === 'poll' ? [MEMBERS.inPath] : []),
    ...(query === undefined ? [] : [{ ...MEMBERS.inQuery, required: query === 'required' }]),
  ];
  return {
    operationId: id,
    tags: [TAG],
    summary,
    security: required,
    ...(parameters.length > 0 && { parameters }),
    ...(request && { requestBody: { required: true, content: JSON_TYPE(request) } }),
    responses: {
      [status]: { description: 'Done', ...(answer && { content: JSON_TYPE(answer) }) },
      ...Object.fromEntries(refused.map((each) => [each, { description: STATUSES[each], content: BODY }])),
    },
  };
}
