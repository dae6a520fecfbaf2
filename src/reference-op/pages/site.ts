import { html, type Html } from '../op/pages/html.js';
import { mark } from '../op/pages/layout.js';
import { DEMO_PATH } from '../demo-data.js';
import type { Settings } from '../settings/settings.js';

const REPOSITORY = 'https://github.com/nestjs-global-revocation/nestjs-global-revocation';

/** The pages of a server in addition to those of the provider. */
export interface Site {
  issuer: string;
  demo: boolean;
  docs: boolean;
}

export const siteOf = ({ issuer, production, docs }: Settings): Site => ({ issuer, demo: !production, docs });

/** The bar at the top of a page. */
export const bar = ({ issuer, demo }: Site): Html =>
  html`<header class="bar">
    <a class="brand" href="/${demo && DEMO_PATH}">${mark} <span>Global Token Revocation</span></a>
    <p class="provider">Provider <code translate="no">${new URL(issuer).host}</code></p>
  </header>`;

/** The links at the bottom of a page. */
export const footer = ({ demo, docs }: Site): Html =>
  html`<footer class="links">
    <nav aria-label="More">
      <ul role="list">
        ${demo && link(`/${DEMO_PATH}`, 'Demo')} ${docs && link('/docs', 'Swagger UI')}
        ${docs && link('/docs-json', 'OpenAPI document')} ${link(`${REPOSITORY}#readme`, 'Documentation')}
        ${link(`${REPOSITORY}/blob/main/docs/global-token-revocation-run-log.txt`, 'Run log')}
      </ul>
    </nav>
  </footer>`;

const link = (href: string, label: string): Html => html`<li><a href="${href}">${label}</a></li>`;
