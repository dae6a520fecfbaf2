import type { ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { API_SECURITY, GLOBAL_REVOCATION_SCOPE, GlobalRevocationModule } from 'nestjs-global-revocation';
import { ROUTES } from './op/routes.js';
import type { Settings } from './settings/settings.js';

const DESCRIPTION =
  'One request ends every token and session of one user. Press **Authorize**, sign in as a client with the scope ' +
  '`global_token_revocation` (the start message of the server prints one), then **Try it out**.';

/** The OpenAPI document of the endpoint. */
export function openApiDocument(app: INestApplication, { issuer }: Settings): OpenAPIObject {
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
            scopes: { [GLOBAL_REVOCATION_SCOPE]: 'End every token and session of a user' },
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
        'A JWT that the caller signs for this call: a client registered for `private_key_jwt`, or an identity provider ' +
        'that the operator has configured (`typ` `global-token-revocation+jwt`).',
    })
    .addSecurity(API_SECURITY.dpop, {
      type: 'http',
      scheme: 'dpop',
      description: 'An access token that is bound to a key, with the header `DPoP` (RFC 9449).',
    })
    .build();
  return SwaggerModule.createDocument(app, config, { include: [GlobalRevocationModule] });
}

/** As for every page, but that Swagger UI writes styles into its page. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

/** On a phone, the description of a group stands below its name instead of in a column of single letters. */
const CSS = `@media (max-width: 640px) {
  .swagger-ui .opblock-tag { flex-wrap: wrap }
  .swagger-ui .opblock-tag small { flex-basis: 100%; order: 1; padding: 0 }
}`;

/** Serves Swagger UI at `/docs` and the document at `/docs-json`. */
export function serveDocs(app: INestApplication, settings: Settings): void {
  app.use('/docs', (_request: unknown, response: ServerResponse, next: () => void) => {
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    next();
  });
  SwaggerModule.setup('docs', app, () => openApiDocument(app, settings), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Global Token Revocation',
    customCss: CSS,
    swaggerOptions: {
      // Else a wrong secret opens the browser's own password dialog.
      requestInterceptor: (request: { credentials?: string }) => Object.assign(request, { credentials: 'omit' }),
      tryItOutEnabled: false,
      persistAuthorization: false,
    },
  });
}
