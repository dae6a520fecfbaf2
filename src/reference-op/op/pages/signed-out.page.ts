import { html } from './html.js';
import { layout } from './layout.js';
import { linkButton } from './parts.js';

export interface SignedOutPage {
  startAgain?: { href: string };
  backToApp?: { href: string; name: string };
}

/** The page after a revocation while a page was open, or after the interaction has ended. */
export function signedOutPage(o: SignedOutPage): string {
  const body = html`
    <h1>You have been signed out</h1>
    <p>
      Your sign-in has ended. Either all sessions of this account were revoked, or this page was open for too long. You
      are not signed in.
    </p>
    ${wayOut(o)}
  `;
  return layout({ title: 'You have been signed out', body });
}

function wayOut({ startAgain, backToApp }: SignedOutPage) {
  if (startAgain) return linkButton({ href: startAgain.href, label: 'Start again' });
  if (!backToApp) return html`<p class="muted">To sign in, go back to the app and start again.</p>`;
  return linkButton({ href: backToApp.href, label: html`Back to <bdi>${backToApp.name}</bdi>` });
}
