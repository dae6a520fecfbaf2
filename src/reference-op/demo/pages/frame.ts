import { documentOf } from '../../op/pages/document.js';
import { html, type Html } from '../../op/pages/html.js';
import { DEMO_PATH } from '../../demo-data.js';
import { bar, footer, type Site } from '../../pages/site.js';
import { style } from './style.js';

export interface Frame {
  site: Site;
  title: string;
  /** Changes with the content of the page; the script then replaces all of `main`. */
  turn: string;
  /** The mood of the page, which selects its colours. */
  mood: string;
  /** Text that screen readers announce after a change. */
  says?: string;
  /** Whether the page refreshes automatically, and whether it also does without scripts. */
  asks?: { withoutScript: boolean };
  /** URL of the events that the page waits for. */
  waits?: string;
  body: Html;
}

/** Returns a complete document. What can change is in `main`; what is announced stays outside it. */
export function frame(o: Frame): string {
  const reload = o.asks?.withoutScript && html`<noscript><meta http-equiv="refresh" content="2" /></noscript>`;
  return documentOf(
    `${o.title} · Global Token Revocation`,
    html`${style.element} ${reload}
      <script src="/${DEMO_PATH}/demo.js" defer></script>`,
    html`<p class="unseen" id="said" role="status"></p>
      <p class="lost" id="lost" role="status" hidden>This page cannot reach its server. It keeps trying.</p>
      ${bar(o.site)}
      <main
        id="live"
        data-turn="${o.turn}"
        data-mood="${o.mood}"
        data-says="${o.says}"
        ${o.asks && html`data-asks`}
        ${o.waits !== undefined && html`data-waits="${o.waits}"`}
      >
        ${o.body}
      </main>
      ${footer(o.site)}`,
  );
}
