import { html, type Html } from '../../op/pages/html.js';
import { demoPeople } from '../../demo-data.js';
import { frame } from './frame.js';
import { shapes, hrefs } from './parts.js';

/** Nobody is signed in at this app. */
export function startPage({ issuer }: { issuer: string }): string {
  const body = html`
    <div class="columns start">
      <div class="hero">
        <h1 tabindex="-1">One request ends everything.</h1>
        <p class="lead">
          Sign in and watch a session and two tokens come alive. Then revoke them, and see this page turn within a
          second.
        </p>
        <p><a class="button primary" id="sign-in" href="${hrefs(issuer).signIn}">Sign in</a></p>
        <p class="trio" aria-hidden="true">
          ${shapes.alive} ${shapes.alive} ${shapes.alive} <i></i> ${shapes.ended} ${shapes.ended} ${shapes.ended}
        </p>
      </div>
      <section class="card people" aria-labelledby="people">
        <h2 id="people">Who you can be</h2>
        <p>Demo people of this provider, each with a password everybody knows.</p>
        <ul role="list">
          ${demoPeople.map(row)}
        </ul>
      </section>
    </div>
  `;
  return frame({ issuer, title: 'Demo', turn: 'start', mood: 'start', body });
}

const row = ({ name, uid, password }: (typeof demoPeople)[number]): Html =>
  html`<li>
    <h3>${name}</h3>
    <dl translate="no">
      <div>
        <dt>Username</dt>
        <dd>${uid}</dd>
      </div>
      <div>
        <dt>Password</dt>
        <dd>${password}</dd>
      </div>
    </dl>
  </li>`;
