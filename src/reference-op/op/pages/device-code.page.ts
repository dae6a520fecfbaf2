import { html } from './html.js';
import { layout } from './layout.js';
import { errorSummary, hidden } from './parts.js';

export interface DeviceCodePage {
  action: string;
  xsrf: string;
  userCode?: string;
  error?: string;
}

export function deviceCodePage(o: DeviceCodePage): string {
  const failed = Boolean(o.error);

  const body = html`
    <h1>Connect a device</h1>
    <p class="muted">Enter the code that your device shows.</p>
    ${errorSummary(o.error)}
    <form id="op.deviceInputForm" method="post" action="${o.action}">
      ${hidden('xsrf', o.xsrf)}
      <div class="field">
        <label for="user_code">Code</label>
        <p class="hint" id="user_code_hint">Capitals and dashes do not matter.</p>
        <input
          id="user_code"
          name="user_code"
          type="text"
          value="${o.userCode}"
          aria-describedby="${failed && 'error '}user_code_hint"
          ${failed && html`aria-invalid="true"`}
          autocapitalize="characters"
          autocomplete="off"
          spellcheck="false"
          maxlength="32"
          required
          autofocus
        />
      </div>
      <div class="actions"><button class="button primary" type="submit">Continue</button></div>
    </form>
  `;
  return layout({ title: failed ? 'Error: Connect a device' : 'Connect a device', body });
}
