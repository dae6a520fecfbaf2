import { Inject, Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { RelyingParty } from './relying-party.js';
import { type Answer, moodOf, type SignIn, type Standing } from './sign-in.js';

type Evidence = Answer['evidence'][number] & { standing: Standing };

/** How long the pages of one browser share an answer, in milliseconds. */
const FRESH_MS = 150;
/** Interval between two questions about the session, in milliseconds; a change of a token triggers one at once. */
export const SESSION_MS = 2000;

/** Asks the provider what is still alive. Does not use what this server knows internally. */
@Injectable()
export class Questions {
  constructor(@Inject(RelyingParty) private readonly party: RelyingParty) {}

  /**
   * Asks about both tokens at the introspection endpoint, and also uses the access token at userinfo.
   *
   * @returns whether the browser must ask about the session now
   * @see RFC 7662 §2, OpenID Connect Core 1.0 §5.3
   */
  async ask(signIn: SignIn): Promise<boolean> {
    const { answers, accessToken, refreshToken } = signIn;
    if (Date.now() - answers.access.askedAt > FRESH_MS) {
      const [access, refresh] = await Promise.all([
        answer(this.introspect(accessToken), this.userinfo(accessToken)),
        answer(this.introspect(refreshToken)),
      ]);
      const turned = access.standing !== answers.access.standing || refresh.standing !== answers.refresh.standing;
      Object.assign(answers, { access, refresh });
      if (turned) answers.session.askedAt = 0;
    }
    return Date.now() - answers.session.askedAt > SESSION_MS;
  }

  /** Stores the answer to the silent request; `undefined`: the request could not be sent. */
  hear({ answers }: SignIn, reply: URLSearchParams | undefined): void {
    const error = reply ? reply.get('error') : 'no answer';
    // A person who only needs to consent is signed in.
    const isSignedIn = error === null || error === 'consent_required' || error === 'interaction_required';
    const standing = isSignedIn ? 'alive' : error === 'login_required' ? 'ended' : 'unknown';
    const evidence = [{ question: 'prompt=none', reply: error ?? 'signed in' }];
    answers.session = { standing, evidence, askedAt: Date.now() };
  }

  private async introspect(token: string): Promise<Evidence> {
    const question = 'introspection';
    try {
      const { active } = await oidc.tokenIntrospection(await this.party.config(), token);
      return { question, reply: `active: ${active}`, standing: active ? 'alive' : 'ended' };
    } catch {
      return { question, reply: 'no answer', standing: 'unknown' };
    }
  }

  private async userinfo(accessToken: string): Promise<Evidence> {
    const question = 'userinfo';
    try {
      await oidc.fetchUserInfo(await this.party.config(), accessToken, oidc.skipSubjectCheck);
      return { question, reply: '200 OK', standing: 'alive' };
    } catch (error) {
      const isRefused = error instanceof oidc.WWWAuthenticateChallengeError && error.status === 401;
      return {
        question,
        reply: isRefused ? '401 invalid_token' : 'no answer',
        standing: isRefused ? 'ended' : 'unknown',
      };
    }
  }
}

/** Combines answers: `ended` if one says so, `alive` if all do. */
async function answer(...asked: Array<Promise<Evidence>>): Promise<Answer> {
  const all = await Promise.all(asked);
  const says = (standing: Standing) => all.some((one) => one.standing === standing);
  const standing = says('ended') ? 'ended' : says('unknown') ? 'unknown' : 'alive';
  return { standing, evidence: all.map(({ question, reply }) => ({ question, reply })), askedAt: Date.now() };
}

/** Stores the time when everything had ended. */
export function conclude(signIn: SignIn): void {
  if (moodOf(signIn) === 'ended') signIn.endedAt ??= Date.now();
}
