import { html, type Html } from '../../../op/pages/html.js';
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
    ended: 'This browser is a stranger to the provider, which asks for the password again.',
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

export const headlines: Record<Mood, string> = {
  alive: 'Everything is alive.',
  ended: 'Everything has ended.',
  partly: 'Some of it has ended.',
  unknown: 'No answer.',
};

/** What happened, in plain words. */
export function leads({ person, endedAt }: SignIn): Record<Mood, Html> {
  const who = html`<strong><bdi>${person.name}</bdi></strong>`;
  return {
    alive: html`${who} signed in. This app now holds three keys to the account and keeps asking the provider about each
    of them.`,
    ended: html`At ${moment(endedAt ?? Date.now())} everything of ${who} was revoked, here and on every device. Nobody
    told this page: it asked, and was refused.`,
    partly: html`A revocation would have ended all three in the same moment. This was something else, a sign-out or
    time, and it left ${who} with the rest.`,
    unknown: html`The provider does not say how things stand for ${who}. This page keeps asking.`,
  };
}

/** The change in one sentence, for those who hear it. */
export const announcement = (mood: Mood, name: string): string =>
  ({
    alive: `Session, access token and refresh token of ${name} are alive.`,
    ended: `Everything of ${name} has ended: session, access token and refresh token. You can sign in again.`,
    partly: `Some of the sign-in of ${name} has ended.`,
    unknown: 'The provider does not answer.',
  })[mood];
