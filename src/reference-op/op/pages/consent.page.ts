import { html } from './html.js';
import { layout } from './layout.js';
import { name } from './parts.js';

export interface ConsentPage {
  action: string;
  abortAction: string;
  clientName: string;
  accountName: string;
  scopes: Array<{ name: string; meaning: string }>;
}

export function consentPage(o: ConsentPage): string {
  const scopes = o.scopes.map((scope) => html`<li>${scope.meaning} <code translate="no">${scope.name}</code></li>`);

  const body = html`
    <h1>Allow access?</h1>
    <p class="muted">You are signed in as ${name(o.accountName)}.</p>
    <p id="asks">${name(o.clientName)} would like to:</p>
    <ul class="scopes" role="list" aria-labelledby="asks">
      ${scopes}
    </ul>
    <div class="actions">
      <form method="post" action="${o.action}">
        <button class="button primary" type="submit">Allow</button>
      </form>
      <form method="post" action="${o.abortAction}">
        <button class="button" type="submit">Deny</button>
      </form>
    </div>
  `;
  return layout({ title: 'Allow access?', body });
}
