import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { INestApplication } from '@nestjs/common';
import { GLOBAL_REVOCATION_SCOPE, takeOver } from 'nestjs-global-revocation';
import { demoClients } from '../demo-data.js';
import { siteOf } from '../pages/site.js';
import type { Settings } from '../settings/settings.js';
import { docsPage, style } from './docs.page.js';
import { openApiDocument } from './openapi.js';

/** The policy of all pages, with images for Swagger UI. */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' ${style.source}`,
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const { resolve } = createRequire(import.meta.url);

/** The files of the page, by path. */
const ASSETS: Readonly<Record<string, [type: string, file: string | URL]>> = {
  '/docs/swagger-ui.css': ['text/css', resolve('swagger-ui-dist/swagger-ui.css')],
  '/docs/swagger-ui-bundle.js': ['text/javascript', resolve('swagger-ui-dist/swagger-ui-bundle.js')],
  '/docs/docs.js': ['text/javascript', new URL('docs.js', import.meta.url)],
};

/** Returns the page. In production, no client is prefilled. */
export function pageOf(settings: Settings): string {
  const client = settings.production ? undefined : demoClients.find(({ clientId }) => clientId === 'demo-operator');
  return docsPage({ site: siteOf(settings), scope: GLOBAL_REVOCATION_SCOPE, ...(client && { client }) });
}

/** Serves Swagger UI at `/docs` and the OpenAPI document at `/docs-json`. Call it before `listen()`. */
export function serveDocs(app: INestApplication, settings: Settings): void {
  const page = pageOf(settings);
  const adapter = app.getHttpAdapter();
  const serve = (path: string, type: string, read: () => string, headers: Record<string, string> = {}): void => {
    let text: string | undefined;
    adapter.get(path, (_request: unknown, response: Parameters<typeof takeOver>[0]) => {
      takeOver(response)
        .writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache', ...headers })
        .end((text ??= read()));
    });
  };
  serve('/docs', 'text/html', () => page, { 'Content-Security-Policy': CONTENT_SECURITY_POLICY });
  serve('/docs-json', 'application/json', () => JSON.stringify(openApiDocument(app, settings)));
  for (const [path, [type, file]] of Object.entries(ASSETS)) serve(path, type, () => readFileSync(file, 'utf8'));
}
