import { html, type Html } from './html.js';
import { layout } from './layout.js';
import { errorSummary, name } from './parts.js';

export interface LoginPage {
  action: string;
  abortAction: string;
  clientName: string;
  identifier?: string;
  error?: string;
}

export function loginPage(o: LoginPage): string {
  const failed = Boolean(o.error);
  const again = failed && Boolean(o.identifier);
  const invalid = failed && html`aria-invalid="true" aria-describedby="error"`;
  const focus = html`autofocus`;

  const body = html`
    <h1>Sign in</h1>
    <p class="muted">to continue to ${name(o.clientName)}</p>
    ${errorSummary(o.error)}
    <form method="post" action="${o.action}">
      <div class="field">
        <label for="identifier">Username</label>
        <input
          id="identifier"
          name="identifier"
          type="text"
          value="${o.identifier}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          ${invalid}
          ${!again && focus}
        />
      </div>
      <div class="field">
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          ${invalid}
          ${again && focus}
        />
      </div>
      <div class="actions"><button class="button primary" type="submit">Sign in</button></div>
    </form>
    ${cancelForm(o.abortAction)}
  `;
  return layout({ title: failed ? 'Error: Sign in' : 'Sign in', body });
}

const cancelForm = (action: string): Html => html`
  <form method="post" action="${action}">
    <div class="actions"><button class="button" type="submit">Cancel</button></div>
  </form>
`;
