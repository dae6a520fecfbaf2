import { html } from '../../op/pages/html.js';
import type { Site } from '../../pages/site.js';
import { frame } from './frame.js';
import { hrefs } from './parts.js';

/** The page after a failed sign-in at the provider. @param path of the application. @default that of the demo page */
export function failedPage({ site, message, path }: { site: Site; message: string; path?: string }): string {
  const body = html`
    <div class="hero">
      <h1 tabindex="-1">Not signed in.</h1>
      <p class="lead">${message}</p>
      <p><a class="button primary" id="sign-in" href="${hrefs(site.issuer, path).signIn}">Sign in</a></p>
    </div>
  `;
  return frame({ site, title: 'Not signed in', turn: 'failed', mood: 'start', body });
}
