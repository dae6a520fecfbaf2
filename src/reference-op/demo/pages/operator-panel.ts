import { html, type Html } from '../../op/pages/html.js';
import { hidden } from '../../op/pages/parts.js';
import type { CurlLine } from '../operator.js';
import type { Mood } from '../sign-in.js';
import type { Outcome } from '../visits.js';

export interface OperatorPanel {
  name: string;
  mood: Mood;
  csrf: string;
  curl: CurlLine;
  outcome: Outcome | undefined;
}

/** Returns the panel with the request that revokes. */
export function operatorPanel(o: OperatorPanel): Html {
  const isOver = o.mood === 'ended';
  return html`<section class="card operator" aria-labelledby="operator">
    <p class="eyebrow">Operator</p>
    <h2 id="operator">${isOver ? 'One request did this' : 'One request ends everything'}</h2>
    <p>
      ${isOver ? happened(o.outcome) : 'Run this command in a terminal, or press the button. Both send the same request.'}
    </p>
    ${curlBlock(o.curl)} ${isOver ? answer(o.outcome) : revokeForm(o)}
  </section>`;
}

const happened = (outcome?: Outcome): string =>
  outcome?.status === 204
    ? 'You pressed the button, and the endpoint answered:'
    : 'The request came from somewhere else: a terminal, another tab or another app.';

const answer = (outcome?: Outcome): Html =>
  outcome?.status === 204
    ? html`<p class="reply"><code translate="no">204 No Content</code></p>
        <p class="fine">From that moment, every check fails on every node. No other user is affected.</p>`
    : html`<p class="fine">
        From that moment, every check fails on every node. Sending the request again does no harm.
      </p>`;

/** Returns the command with one line per argument, so that the copied text runs. Only the style cuts a long secret. */
function curlBlock({ clientId, secret, body, endpoint }: CurlLine): Html {
  return html`<div class="terminal">
    <pre
      tabindex="0"
      role="region"
      aria-label="curl command"
    ><code id="curl" translate="no"><b>curl</b> -i -u ${clientId}:<span class="secret">${secret}</span> \\
  -H 'Content-Type: application/json' \\
  -d '<b>${body}</b>' \\
  ${endpoint}</code></pre>
    <button class="copy" id="copy" type="button" data-copy="curl" hidden>Copy</button>
  </div>`;
}

function revokeForm({ name, csrf, outcome }: OperatorPanel): Html {
  const refused = outcome && outcome.status !== 204 && refusalText(outcome);
  return html`<form method="post" action="/demo/revoke">
    ${hidden('csrf', csrf)} ${refused && html`<p class="refusal" role="alert">${refused}</p>`}
    <button class="button danger" id="revoke" type="submit">Revoke everything for <bdi>${name}</bdi></button>
    <p class="fine">Every session and token, in every app. No other user is affected.</p>
  </form>`;
}

const refusalText = ({ status, error }: Outcome): string =>
  status === 0 ? 'The endpoint could not be reached.' : `The endpoint answered ${status}${error ? `: ${error}` : ''}.`;
