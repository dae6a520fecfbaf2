import { html, type Html } from '../../op/pages/html.js';
import { DEMO_PATH, DEMO_SHOP_PATH } from '../../demo-data.js';
import type { Site } from '../../pages/site.js';
import type { ShopSession } from '../shop/shop-sessions.js';
import { check } from './checks.js';
import { frame } from './frame.js';
import { hrefs, initials, moment } from './parts.js';

/** The page of the second application. While there is a session, it waits until it is told. */
export function shopPage({ site, session }: { site: Site; session: ShopSession | undefined }): string {
  const { headline, lead } = wordsFor(session);
  const isWaiting = session !== undefined && !session.ended;
  const body = html`
    <div class="hero split">
      <h1 tabindex="-1">${headline}</h1>
      <p class="lead">${lead}</p>
      <p>
        ${isWaiting ? html`<a class="button other" href="/${DEMO_PATH}">Back to the demo</a>` : signInLink(site, session)}
      </p>
    </div>
    ${session && card(session)}
  `;
  return frame({
    site,
    title: headline.slice(0, -1),
    turn: `${session?.at} ${session?.ended?.at}`,
    mood: session === undefined ? 'start' : session.ended ? 'ended' : 'alive',
    says: headline,
    ...(isWaiting && { waits: `/${DEMO_SHOP_PATH}/events` }),
    body,
  });
}

const signInLink = ({ issuer }: Site, session: ShopSession | undefined): Html =>
  html`<a class="button primary" id="sign-in" href="${hrefs(issuer, DEMO_SHOP_PATH).signIn}"
    >${session ? 'Sign in again' : 'Sign in to the shop'}</a
  >`;

function wordsFor(session: ShopSession | undefined): { headline: string; lead: Html } {
  if (!session)
    return {
      headline: 'A second app.',
      lead: html`This shop keeps its own sessions. It never asks the provider whether you are still signed in: the
      provider tells it through back-channel logout.`,
    };
  const name = html`<strong><bdi>${session.name}</bdi></strong>`;
  if (!session.ended)
    return {
      headline: 'Signed in to the shop.',
      lead: html`${name} has a session at the shop. Revoke ${name} on the demo page in another window: this page changes
      as soon as the shop is told.`,
    };
  return {
    headline: 'Signed out of the shop.',
    lead: html`At ${moment(session.ended.at)}, the provider told the shop that ${name} had been signed out. The shop
    then ended its session. It did not have to ask.`,
  };
}

/** Shows the session. */
function card({ name, at, ended }: ShopSession): Html {
  const named = ended?.by === 'sid' ? 'the session' : 'the person';
  return html`<section class="card checks" aria-labelledby="person">
    <div class="person">
      <span class="face" aria-hidden="true">${initials(name)}</span>
      <div>
        <h2 id="person"><bdi>${name}</bdi></h2>
        <p><span class="whole">signed in ${moment(at)}</span></p>
      </div>
      <p class="asked">${ended ? 'No longer waiting' : 'Waiting to be told'}</p>
    </div>
    <ul class="rail" role="list">
      ${check({
        name: 'Session at the shop',
        mark: html`data-shop`,
        meaning: ended
          ? `The shop no longer recognizes this browser. The logout token named ${named}.`
          : 'Until the shop is told, it recognizes this browser, whatever happens at the provider.',
        answer: {
          standing: ended ? 'ended' : 'alive',
          evidence: [{ question: 'logout token', reply: ended?.by ?? 'none yet' }],
        },
      })}
    </ul>
  </section>`;
}
