import { html, type Html } from '../../../op/pages/html.js';
import type { CurlLine } from '../operator.js';
import { CREDENTIALS, type Mood, moodOf, type SignIn } from '../sign-in.js';
import type { Outcome } from '../visits.js';
import { checks } from './checks.js';
import { frame } from './frame.js';
import { operatorPanel } from './operator-panel.js';
import { signInHref } from './parts.js';
import { announcement, headlines, leads } from './words.js';

export interface LivePage {
  issuer: string;
  signIn: SignIn;
  csrf: string;
  curl: CurlLine;
  outcome: Outcome | undefined;
  /** A reader without script asked the page to stand still. */
  isStill: boolean;
}

/** What is alive and what is not. */
export function livePage(o: LivePage): string {
  const { issuer, signIn, csrf, curl, outcome, isStill } = o;
  const mood = moodOf(signIn);
  const { name } = signIn.person;
  const body = html`
    <div class="hero split">
      <h1 tabindex="-1">${headlines[mood]}</h1>
      <p class="lead">${leads(signIn)[mood]}</p>
      ${wayOn(issuer, mood)}
    </div>
    <div class="columns">${checks(signIn)} ${operatorPanel({ name, mood, csrf, curl, outcome })}</div>
    ${mood !== 'ended' && withoutScript(isStill)}
  `;
  const turn = JSON.stringify([
    signIn.at,
    outcome,
    CREDENTIALS.map((credential) => signIn.answers[credential].evidence),
  ]);
  const asks = mood !== 'ended' && { asks: { withoutScript: !isStill } };
  return frame({
    issuer,
    title: headlines[mood].slice(0, -1),
    turn,
    mood,
    says: announcement(mood, name),
    ...asks,
    body,
  });
}

function wayOn(issuer: string, mood: Mood): Html {
  if (mood === 'unknown') return html``;
  return mood === 'alive'
    ? html`<p><a class="button other" id="other" href="${signInHref(issuer, true)}">Use another account</a></p>`
    : html`<p><a class="button primary" id="sign-in" href="${signInHref(issuer)}">Sign in again</a></p>`;
}

const withoutScript = (isStill: boolean): Html =>
  html`<noscript>
    <p class="note">
      ${isStill ? html`This page stands still. <a href="/demo">Look again</a>` : html`Without script this page loads itself again every two seconds. <a href="/demo?still">Stop that</a>`}
    </p>
  </noscript>`;
