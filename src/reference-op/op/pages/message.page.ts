import { html } from './html.js';
import { layout } from './layout.js';
import { linkButton } from './parts.js';

export interface MessagePage {
  title: string;
  message: string;
  code?: string;
  link?: { href: string; label: string };
}

export function messagePage(o: MessagePage): string {
  const body = html`
    <h1>${o.title}</h1>
    <p>${o.message}</p>
    ${o.code && html`<p class="muted">Code: <code translate="no">${o.code}</code></p>`} ${o.link && linkButton(o.link)}
  `;
  return layout({ title: o.title, body });
}
