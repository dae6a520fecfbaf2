import { html, type Html } from '../../op/pages/html.js';
import type { Credential, Mood, SignIn, Standing } from '../sign-in.js';
import { moment } from './parts.js';

export const standingWords: Record<Standing, string> = { alive: 'Alive', ended: 'Ended', unknown: 'No answer' };

export const credentialNames: Record<Credential, string> = {
  session: 'Session',
  access: 'Access token',
  refresh: 'Refresh token',
};

/** The meaning of each status for the person and for the app. */
export const meanings: Record<Credential, Record<Standing, string>> = {
  session: {
    alive: 'The provider recognizes this browser. Other apps can sign you in without a password.',
    ended: 'The provider no longer recognizes this browser and asks for the password again.',
    unknown: 'The provider did not say whether it recognizes this browser.',
  },
  access: {
    alive: 'Gives access to APIs for this person. This app just used it, and it worked.',
    ended: 'No longer gives access to anything. This app just used it, and the provider rejected it.',
    unknown: 'The provider did not say whether this token still works.',
  },
  refresh: {
    alive: 'Gets new access tokens for days without asking the person again.',
    ended: 'Gets no new access tokens.',
    unknown: 'The provider did not say whether this token still works.',
  },
};

export interface Words {
  headline: string;
  lead: Html;
  /** The change in one sentence, for screen readers. */
  says: string;
}

/** Returns what happened, in plain words. */
export function wordsFor(signIn: SignIn, mood: Mood, withinSeconds: number): Words {
  if (mood === 'partly' && isOnlySignedOut(signIn)) return signedOut(signIn);
  if (mood === 'ended' && signIn.jwt && signIn.jwt.answer.standing !== 'ended')
    return endedButJwt(signIn, withinSeconds);
  return words[mood](signIn);
}

const strong = (name: string): Html => html`<strong><bdi>${name}</bdi></strong>`;

const words: Record<Mood, (signIn: SignIn) => Words> = {
  alive: ({ person: { name } }) => ({
    headline: 'Everything is alive.',
    lead: html`${strong(name)} has signed in. This app now has a session and two tokens, and keeps asking the provider
    whether they still work.`,
    says: `The session, access token and refresh token of ${name} are alive.`,
  }),
  ended: ({ person: { name }, endedAt }) => ({
    headline: 'Everything has ended.',
    lead: html`By ${moment(endedAt ?? Date.now())}, every session and token of ${strong(name)} had ended, here and on
    every device. Nobody notified this page: it asked the provider again and was rejected.`,
    says: `Every session and token of ${name} has ended. You can sign in again.`,
  }),
  partly: ({ person: { name } }) => ({
    headline: 'Some of it has ended.',
    lead: html`A revocation ends everything that ${strong(name)} has at the same moment, so something else happened
    here. For example, a token expired.`,
    says: `Some credentials of ${name} have ended.`,
  }),
  unknown: ({ person: { name } }) => ({
    headline: 'No answer.',
    lead: html`The provider does not say whether the session and tokens of ${strong(name)} still work. This page keeps
    asking.`,
    says: 'The provider does not answer.',
  }),
};

const signedOut = ({ person: { name } }: SignIn): Words => ({
  headline: 'The tokens still work.',
  lead: html`${strong(name)} has signed out of this browser, but anybody who holds the two tokens can still use them.
  Only a revocation ends all three.`,
  says: `The session of ${name} has ended. Both tokens are still alive.`,
});

const endedButJwt = ({ person: { name }, endedAt }: SignIn, withinSeconds: number): Words => ({
  headline: 'Ended at the provider.',
  lead: html`By ${moment(endedAt ?? Date.now())}, every session and token of ${strong(name)} had ended at the provider.
  An API that verifies a JWT itself may accept it until it reads the status list again, within ${withinSeconds} seconds.`,
  says: `The session, access token and refresh token of ${name} have ended at the provider.`,
});

const isOnlySignedOut = ({ answers: { session, access, refresh } }: SignIn): boolean =>
  session.standing === 'ended' && access.standing === 'alive' && refresh.standing === 'alive';
