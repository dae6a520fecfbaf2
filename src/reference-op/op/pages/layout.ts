import { documentOf } from './document.js';
import { html, type Html } from './html.js';
import { style } from './style.js';

/** The logo, a keyhole. */
export const mark = html`<svg class="mark" viewBox="0 0 44 44" aria-hidden="true">
  <rect class="mark-ground" width="44" height="44" rx="13" />
  <circle class="mark-hole" cx="22" cy="18.25" r="6.25" />
  <path class="mark-hole" d="m20 21-2.6 10.7a1 1 0 0 0 1 1.3h7.2a1 1 0 0 0 1-1.3L24 21z" />
</svg>`;

/** Returns a complete document; `body` contains the only `h1`. */
export function layout({ title, body }: { title: string; body: Html }): string {
  return documentOf(`${title} · Sign-in`, style.element, html`<main>${mark} ${body}</main>`);
}
