import { html, type Html } from './html.js';

export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}" />`;

/** An error message. Screen readers do not always announce it without scripts, so fields also refer to its id. */
export const errorSummary = (error?: string): Html =>
  error ? html`<div class="error" role="alert"><p id="error">${error}</p></div>` : html``;

/** A name from outside, isolated so that it cannot change the direction of the text around it. */
export const name = (text: string): Html => html`<strong><bdi>${text}</bdi></strong>`;

/** A link that looks like a button. Only web URLs become links, because escaping does not stop `javascript:`. */
export function linkButton({ href, label }: { href: string; label: Html | string }): Html {
  if (!isWebAddress(href)) return html``;
  return html`<div class="actions"><a class="button primary" href="${href}">${label}</a></div>`;
}

function isWebAddress(href: string): boolean {
  const base = 'https://relative.invalid';
  return URL.canParse(href, base) && /^https?:$/.test(new URL(href, base).protocol);
}
