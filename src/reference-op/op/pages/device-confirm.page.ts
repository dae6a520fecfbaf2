import { html } from './html.js';
import { layout } from './layout.js';
import { hidden, name } from './parts.js';

export interface DeviceConfirmPage {
  action: string;
  xsrf: string;
  userCode: string;
  displayCode: string;
  clientName: string;
}

export function deviceConfirmPage(o: DeviceConfirmPage): string {
  const body = html`
    <h1>Is this the code on your device?</h1>
    <p class="code"><code translate="no">${o.displayCode}</code></p>
    <p>If it is, you can sign in to ${name(o.clientName)} on that device.</p>
    <p class="muted">If the codes differ, or somebody sent you this code, choose Cancel.</p>
    <form id="op.deviceConfirmForm" method="post" action="${o.action}">
      ${hidden('xsrf', o.xsrf)} ${hidden('user_code', o.userCode)}
      <div class="actions">
        <button class="button primary" type="submit" name="confirm" value="yes">Continue</button>
        <button class="button" type="submit" name="abort" value="yes">Cancel</button>
      </div>
    </form>
  `;
  return layout({ title: 'Is this the code on your device?', body });
}
