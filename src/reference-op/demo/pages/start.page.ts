import { html, type Html } from '../../op/pages/html.js';
import { demoPeople } from '../../demo-data.js';
import type { Site } from '../../pages/site.js';
import { frame } from './frame.js';
import { hrefs, initials, shapes } from './parts.js';

/** The page while no person is signed in to this app. */
export function startPage({ site }: { site: Site }): string {
  const { signIn } = hrefs(site.issuer);
  const body = html`
    <div class="columns start">
      <div class="hero">
        <h1 tabindex="-1">One request ends everything.</h1>
        <p class="lead">
          Sign in to get a session and two tokens. Then revoke them: this page shows it within a second.
        </p>
        <p><a class="button primary" id="sign-in" href="${signIn}">Sign in</a></p>
        <p class="trio" aria-hidden="true">
          ${shapes.alive} ${shapes.alive} ${shapes.alive} <i></i> ${shapes.ended} ${shapes.ended} ${shapes.ended}
        </p>
      </div>
      <section class="card people" aria-labelledby="people">
        <h2 id="people">Or pick a demo person</h2>
        <p>One click fills in the name and the password and signs you in. The passwords are public.</p>
        <ul role="list">
          ${demoPeople.map((person) => row(person, signIn))}
        </ul>
      </section>
    </div>
  `;
  return frame({ site, title: 'Demo', turn: 'start', mood: 'start', body });
}

const row = ({ name, uid, password }: (typeof demoPeople)[number], signIn: string): Html =>
  html`<li>
    <a class="button pick" href="${signIn}?as=${uid}" data-identifier="${uid}" data-password="${password}">
      <span class="face" aria-hidden="true">${initials(name)}</span>
      <span><span class="unseen">Sign in as </span>${name}</span>
    </a>
    <p class="credentials" translate="no"><code>${uid}</code> <code>${password}</code></p>
  </li>`;
