import { html, type Html } from '../../op/pages/html.js';
import { DEMO_PATH } from '../../demo-data.js';
import { bar, footer, type Site } from '../../pages/site.js';
import { style } from './style.js';

export interface Frame {
  site: Site;
  title: string;
  /** Changes whenever the page has something else to say; the script then takes the whole of `main` over. */
  turn: string;
  /** Mood of the page: its colours. */
  mood: string;
  /** What is read out when the page has turned. */
  says?: string;
  /** Whether the page asks again by itself, and whether it may do so without script too. */
  asks?: { withoutScript: boolean };
  body: Html;
}

/** A complete document. Everything that may turn is in `main`; what is read out stays outside of it. */
export function frame(o: Frame): string {
  const reload = o.asks?.withoutScript && html`<noscript><meta http-equiv="refresh" content="2" /></noscript>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${o.title} · Global Token Revocation</title>
        ${style.element} ${reload}
        <script src="/${DEMO_PATH}/demo.js" defer></script>
      </head>
      <body>
        <p class="unseen" id="said" role="status"></p>
        <p class="lost" id="lost" role="status" hidden>This page cannot reach its server. It keeps trying.</p>
        ${bar(o.site)}
        <main id="live" data-turn="${o.turn}" data-mood="${o.mood}" data-says="${o.says}" ${o.asks && html`data-asks`}>
          ${o.body}
        </main>
        ${footer(o.site)}
      </body>
    </html>`.toString();
}
