import { html, type Html } from '../../op/pages/html.js';
import { DEMO_SHOP_PATH } from '../../demo-data.js';
import type { CurlLine } from '../operator.js';
import { CREDENTIALS, type Mood, moodOf, type SignIn } from '../sign-in.js';
import type { Outcome } from '../visits.js';
import type { Site } from '../../pages/site.js';
import { checks } from './checks.js';
import { frame } from './frame.js';
import { jwtPanel } from './jwt-panel.js';
import { operatorPanel } from './operator-panel.js';
import { hrefs } from './parts.js';
import { wordsFor } from './words.js';

export interface LivePage {
  site: Site & { shop?: boolean };
  /** Within how many seconds a revocation reaches the API that takes JWTs. */
  withinSeconds: number;
  signIn: SignIn;
  csrf: string;
  curl: CurlLine;
  outcome: Outcome | undefined;
  /** Whether a reader without scripts has switched reloading off. */
  isStill: boolean;
}

/** The page that shows what is alive and what has ended. */
export function livePage(o: LivePage): string {
  const { site, signIn, csrf, curl, outcome, isStill } = o;
  const mood = moodOf(signIn);
  const { name } = signIn.person;
  const { jwt } = signIn;
  const isAsking = mood !== 'ended' || (jwt !== undefined && jwt.answer.standing !== 'ended');
  const { headline, lead, says } = wordsFor(signIn, mood, o.withinSeconds);
  const body = html`
    <div class="hero split">
      <h1 tabindex="-1">${headline}</h1>
      <p class="lead">${lead}</p>
      ${wayOn(site, mood)}
    </div>
    <div class="columns">${checks(signIn)} ${operatorPanel({ name, mood, csrf, curl, outcome })}</div>
    ${jwt && jwtPanel(jwt.answer, o.withinSeconds, mood)} ${isAsking && withoutScript(isStill)}
  `;
  const turn = JSON.stringify([
    signIn.at,
    outcome,
    CREDENTIALS.map((credential) => signIn.answers[credential].evidence),
    jwt?.answer.evidence,
  ]);
  const asks = isAsking && { asks: { withoutScript: !isStill } };
  return frame({
    site,
    title: headline.slice(0, -1),
    turn,
    mood,
    says,
    ...asks,
    body,
  });
}

function wayOn({ issuer, shop }: LivePage['site'], mood: Mood): Html {
  if (mood === 'unknown') return html``;
  const { signIn, signOut } = hrefs(issuer);
  const second = shop && html`<a class="button other" href="/${DEMO_SHOP_PATH}" target="_blank">Open a second app</a>`;
  return mood === 'alive'
    ? html`<p><a class="button other" id="sign-out" href="${signOut}">Sign out</a> ${second}</p>`
    : html`<p><a class="button primary" id="sign-in" href="${signIn}">Sign in again</a></p>`;
}

const withoutScript = (isStill: boolean): Html =>
  html`<noscript>
    <p class="note">
      ${isStill ? html`Reloading is off. <a href="/demo">Check again</a>` : html`JavaScript is off, so this page reloads every two seconds. <a href="/demo?still">Stop reloading</a>`}
    </p>
  </noscript>`;
