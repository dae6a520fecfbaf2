import { DEMO_PATH } from '../../demo-data.js';
import { html, type Html } from '../../op/pages/html.js';
import type { Standing } from '../sign-in.js';

/** Returns a time, which the script converts to the reader's time zone. */
export function moment(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(11, 19)} UTC</time>`;
}

/** Shapes that differ without colour: a full disc, an empty octagon, a dashed diamond. */
export const shapes: Record<Standing, Html> = {
  alive: html`<svg class="shape" viewBox="0 0 40 40" aria-hidden="true">
    <circle class="solid" cx="20" cy="20" r="18" />
    <path class="sign" d="m12.5 20.5 5.2 5.2 9.8-10.6" />
  </svg>`,
  ended: html`<svg class="shape" viewBox="0 0 40 40" aria-hidden="true">
    <path class="hollow" d="M13 3h14l10 10v14l-10 10H13L3 27V13z" />
    <path class="sign" d="m14 14 12 12m0-12L14 26" />
  </svg>`,
  unknown: html`<svg class="shape" viewBox="0 0 40 40" aria-hidden="true">
    <path class="hollow dashed" d="M20 2.5 37.5 20 20 37.5 2.5 20z" />
    <path class="sign" d="M16.4 16.6a3.6 3.6 0 1 1 5.4 3.1c-1.2.7-1.8 1.4-1.8 2.8m0 4v.1" />
  </svg>`,
};

/** Returns the initials of a name. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return ends.map((word) => /^./su.exec(word)![0].toUpperCase()).join('');
}

/** Returns the links to the provider. They start at the issuer, because the cookie of this page is valid there. */
export const hrefs = (issuer: string, path = DEMO_PATH) => ({
  signIn: `${issuer}/${path}/sign-in`,
  signOut: `${issuer}/${path}/sign-out`,
});
