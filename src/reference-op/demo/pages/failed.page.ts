import { html } from '../../op/pages/html.js';
import { frame } from './frame.js';
import { hrefs } from './parts.js';

/** The way to the provider or back did not work. */
export function failedPage({ issuer, message }: { issuer: string; message: string }): string {
  const body = html`
    <div class="hero">
      <h1 tabindex="-1">Not signed in.</h1>
      <p class="lead">${message}</p>
      <p><a class="button primary" id="sign-in" href="${hrefs(issuer).signIn}">Sign in</a></p>
    </div>
  `;
  return frame({ issuer, title: 'Not signed in', turn: 'failed', mood: 'start', body });
}
