import { html, type Html } from '../../op/pages/html.js';
import { type Answer, type Credential, CREDENTIALS, type SignIn } from '../sign-in.js';
import { initials, moment, shapes } from './parts.js';
import { credentialNames, meanings, standingWords } from './words.js';

/** Shows the person, and the three credentials of this sign-in. */
export function checks({ person, at, answers, endedAt }: SignIn): Html {
  const asked = Math.max(...CREDENTIALS.map((credential) => answers[credential].askedAt));
  const pulse =
    endedAt === undefined
      ? html`<span class="pulse" aria-hidden="true"></span> Last checked ${moment(asked)}`
      : html`No longer checking`;
  return html`<section class="card checks" aria-labelledby="person">
    <div class="person">
      <span class="face" aria-hidden="true">${initials(person.name)}</span>
      <div>
        <h2 id="person"><bdi>${person.name}</bdi></h2>
        <p>${person.email && html`${person.email} · `}<span class="whole">signed in ${moment(at)}</span></p>
      </div>
      <p class="asked">${pulse}</p>
    </div>
    <ul class="rail" role="list">
      ${CREDENTIALS.map((credential) => check(credential, answers[credential]))}
    </ul>
  </section>`;
}

function check(credential: Credential, { standing, evidence }: Answer): Html {
  return html`<li data-standing="${standing}" data-credential="${credential}">
    ${shapes[standing]}
    <div>
      <h3>${credentialNames[credential]} <span class="standing">${standingWords[standing]}</span></h3>
      <p>${meanings[credential][standing]}</p>
      <dl class="evidence" translate="no">
        ${evidence.map(
          ({ question, reply }) =>
            html`<div>
              <dt>${question}</dt>
              <dd>${reply}</dd>
            </div>`,
        )}
      </dl>
    </div>
  </li>`;
}
