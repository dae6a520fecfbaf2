import { html, type Html } from '../../op/pages/html.js';
import { type Answer, CREDENTIALS, type SignIn } from '../sign-in.js';
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
      ${CREDENTIALS.map((credential) =>
        check({
          name: credentialNames[credential],
          mark: html`data-credential="${credential}"`,
          meaning: meanings[credential][answers[credential].standing],
          answer: answers[credential],
        }),
      )}
    </ul>
  </section>`;
}

/** What is shown about one credential. */
interface Check {
  name: string;
  /** Attribute of its element. */
  mark: Html;
  meaning: string;
  answer: Pick<Answer, 'standing' | 'evidence'>;
}

/** Shows one credential as an item of a list. */
export function check({ name, mark, meaning, answer: { standing, evidence } }: Check): Html {
  return html`<li data-standing="${standing}" ${mark}>
    ${shapes[standing]}
    <div>
      <h3>${name} <span class="standing">${standingWords[standing]}</span></h3>
      <p>${meaning}</p>
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
