import { html } from './html.js';
import { layout } from './layout.js';
import { hidden, name } from './parts.js';

export interface LogoutPage {
  action: string;
  xsrf: string;
  clientName?: string;
}

/** The logout page. "Stay signed in" still signs out the app that asked, because oidc-provider drops its grant. */
export function logoutPage(o: LogoutPage): string {
  const asked = o.clientName !== undefined && [
    html`<p class="muted">${name(o.clientName)} asked to sign you out.</p>`,
    html`<p class="muted">If you stay signed in, only this app is signed out.</p>`,
  ];

  const body = html`
    <h1>Do you want to sign out?</h1>
    ${asked}
    <form id="op.logoutForm" method="post" action="${o.action}">
      ${hidden('xsrf', o.xsrf)}
      <div class="actions stack">
        <button class="button primary" type="submit" name="logout" value="yes">
          Sign out everywhere in this browser
        </button>
        <button class="button" type="submit">Stay signed in</button>
      </div>
    </form>
  `;
  return layout({ title: 'Do you want to sign out?', body });
}
