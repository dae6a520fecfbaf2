import { documentOf } from '../op/pages/document.js';
import { html, type Html } from '../op/pages/html.js';
import { styleSheet } from '../op/pages/style-sheet.js';
import { bar, footer, type Site } from '../pages/site.js';

/** The style sheet of the page, which gives Swagger UI the colours of the other pages. */
export const style = styleSheet(import.meta.url, ['../pages/site.css', 'docs.css']);

export interface DocsPage {
  site: Site;
  scope: string;
  /** Prefilled in the form: a client whose secret is public. */
  client?: { clientId: string; secret: string };
}

/** Returns the page of Swagger UI. */
export function docsPage({ site, scope, client }: DocsPage): string {
  const filled: Html | undefined =
    client && html`data-client-id="${client.clientId}" data-client-secret="${client.secret}"`;
  return documentOf(
    'API · Global Token Revocation',
    html`<link rel="stylesheet" href="/docs/swagger-ui.css" />
      ${style.element}
      <script src="/docs/swagger-ui-bundle.js" defer></script>
      <script src="/docs/docs.js" defer></script>`,
    html`${bar(site)}
      <div class="page">
        <div id="swagger" data-scope="${scope}" ${filled}></div>
        <noscript
          ><p>Swagger UI needs JavaScript. <a href="/docs-json">Read the OpenAPI document</a> instead.</p></noscript
        >
      </div>
      ${footer(site)}`,
  );
}
