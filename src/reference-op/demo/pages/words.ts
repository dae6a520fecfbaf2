import { html, type Html } from '../../op/pages/html.js';
import type { Credential, Mood, SignIn, Standing } from '../sign-in.js';
import { moment } from './parts.js';

export const standingWords: Record<Standing, string> = { alive: 'Alive', ended: 'Ended', unknown: 'No answer' };

export const credentialNames: Record<Credential, string> = {
  session: 'Session',
  access: 'Access token',
  refresh: 'Refresh token',
};

/** What each standing means for the person and for the app. */
export const meanings: Record<Credential, Record<Standing, string>> = {
  session: {
    alive: 'The provider knows this browser. Other apps get in without a password.',
    ended: 'The provider forgot this browser and asks for the password again.',
    unknown: 'The provider did not say whether it knows this browser.',
  },
  access: {
    alive: 'Opens APIs in this person’s name. It was just used, and it worked.',
    ended: 'Opens nothing any more. It was just used, and it was refused.',
    unknown: 'The provider did not say whether this token is good.',
  },
  refresh: {
    alive: 'Gets new access tokens for days, with nobody watching.',
    ended: 'Gets no new access token. Nothing comes back by itself.',
    unknown: 'The provider did not say whether this token is good.',
  },
};

export interface Words {
  headline: string;
  lead: Html;
  /** The change in one sentence, for those who hear it. */
  says: string;
}

/** What happened, in plain words. */
export function wordsFor(signIn: SignIn, mood: Mood): Words {
  if (mood === 'partly' && isOnlySignedOut(signIn)) return signedOut(signIn);
  return words[mood](signIn);
}

const strong = (name: string): Html => html`<strong><bdi>${name}</bdi></strong>`;

const words: Record<Mood, (signIn: SignIn) => Words> = {
  alive: ({ person: { name } }) => ({
    headline: 'Everything is alive.',
    lead: html`${strong(name)} signed in. This app now holds three keys to the account and keeps asking the provider
    about each of them.`,
    says: `Session, access token and refresh token of ${name} are alive.`,
  }),
  ended: ({ person: { name }, endedAt }) => ({
    headline: 'Everything has ended.',
    lead: html`At ${moment(endedAt ?? Date.now())} everything of ${strong(name)} was revoked, here and on every device.
    Nobody told this page: it asked, and was refused.`,
    says: `Everything of ${name} has ended: session, access token and refresh token. You can sign in again.`,
  }),
  partly: ({ person: { name } }) => ({
    headline: 'Some of it has ended.',
    lead: html`A revocation would have ended everything of ${strong(name)} in the same moment. This was something else,
    such as time.`,
    says: `Some of the sign-in of ${name} has ended.`,
  }),
  unknown: ({ person: { name } }) => ({
    headline: 'No answer.',
    lead: html`The provider does not say how things stand for ${strong(name)}. This page keeps asking.`,
    says: 'The provider does not answer.',
  }),
};

const signedOut = ({ person: { name } }: SignIn): Words => ({
  headline: 'The tokens live on.',
  lead: html`${strong(name)} is signed out of this browser, and both tokens still work for whoever holds them. Only a
  revocation ends all three.`,
  says: `The session of ${name} has ended. Both tokens are still alive.`,
});

const isOnlySignedOut = ({ answers: { session, access, refresh } }: SignIn): boolean =>
  session.standing === 'ended' && access.standing === 'alive' && refresh.standing === 'alive';
