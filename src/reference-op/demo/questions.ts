import { Inject, Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { RelyingParty } from './relying-party.js';
import { type Answer, moodOf, type SignIn, type Standing } from './sign-in.js';

type Evidence = Answer['evidence'][number] & { standing: Standing };

/** Several pages of one browser share an answer this young. */
const FRESH_MS = 150;
/** The session is asked about this often, and at once when a token has turned. */
export const SESSION_MS = 2000;

/** Asks the provider what is still alive. Nothing is concluded from what this server could know by itself. */
@Injectable()
export class Questions {
  constructor(@Inject(RelyingParty) private readonly party: RelyingParty) {}

  /**
   * Asks about both tokens: introspection says whether they are active, and the access token is used as well, at userinfo.
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

  /** What the provider answered to the silent request; `undefined`: the request could not even be made. */
  hear({ answers }: SignIn, reply: URLSearchParams | undefined): void {
    const error = reply ? reply.get('error') : 'no answer';
    // Whoever is only asked for a consent is signed in.
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

/** A single no ends it; alive is what everybody says is alive. */
async function answer(...asked: Array<Promise<Evidence>>): Promise<Answer> {
  const all = await Promise.all(asked);
  const says = (standing: Standing) => all.some((one) => one.standing === standing);
  const standing = says('ended') ? 'ended' : says('unknown') ? 'unknown' : 'alive';
  return { standing, evidence: all.map(({ question, reply }) => ({ question, reply })), askedAt: Date.now() };
}

/** Notes the moment in which everything had ended. */
export function conclude(signIn: SignIn): void {
  if (moodOf(signIn) === 'ended') signIn.endedAt ??= Date.now();
}
