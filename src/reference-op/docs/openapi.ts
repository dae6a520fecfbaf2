import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { SharedSignalsDocs } from 'nestjs-global-revocation/shared-signals';
import {
  API_SECURITY,
  GLOBAL_REVOCATION_SCOPE,
  GlobalRevocationModule,
  InboundLogoutDocs,
} from 'nestjs-global-revocation';
import { ROUTES } from '../op/routes.js';
import type { Settings } from '../settings/settings.js';

const DESCRIPTION =
  'One request ends every token and session of one user. To try it, press **Authorize**, enter a client that has the ' +
  'scope `global_token_revocation`, and press **Execute**. Outside production, a demo client is already filled in.';

const SCOPES = { 'ssf.read': 'Read a stream and poll it', 'ssf.manage': 'Create, change and delete a stream' };

/** Returns the OpenAPI document of the endpoint, and of Shared Signals if they are configured. */
export function openApiDocument(app: INestApplication, { issuer, sharedSignals }: Settings): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Global Token Revocation')
    .setDescription(DESCRIPTION)
    .setVersion('1.0.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(issuer)
    .addTag('Global Token Revocation', 'End everything a user has')
    .addSecurity(API_SECURITY.basic, { type: 'http', scheme: 'basic', description: 'Client id and secret.' })
    .addOAuth2(
      {
        type: 'oauth2',
        description: 'An access token of this server, issued to the client itself.',
        flows: {
          clientCredentials: {
            tokenUrl: `${issuer}${ROUTES.token}`,
            scopes: {
              [GLOBAL_REVOCATION_SCOPE]: 'End every token and session of a user',
              ...(sharedSignals && SCOPES),
            },
          },
        },
      },
      API_SECURITY.oauth2,
    )
    .addSecurity(API_SECURITY.assertion, {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'A JWT that the caller signs for this call. The caller is a client registered for `private_key_jwt`, or a configured ' +
        'identity provider (`typ` `global-token-revocation+jwt`).',
    })
    .addSecurity(API_SECURITY.dpop, {
      type: 'http',
      scheme: 'dpop',
      description: 'An access token that is bound to a key, together with the header `DPoP` (RFC 9449).',
    })
    .build();
  const endpoint = SwaggerModule.createDocument(app, config, { include: [GlobalRevocationModule] });
  const document = app.get(InboundLogoutDocs, { strict: false }).addTo(endpoint);
  return sharedSignals ? app.get(SharedSignalsDocs, { strict: false }).addTo(document) : document;
}
