/** The credentials that a relying party holds after a sign-in. */
export const CREDENTIALS = ['session', 'access', 'refresh'] as const;
export type Credential = (typeof CREDENTIALS)[number];

/** The status of a credential; `unknown` if the provider gave no conclusive answer. */
export type Standing = 'alive' | 'ended' | 'unknown';

/** The provider's answer about one credential. */
export interface Answer {
  standing: Standing;
  /** The requests, and the replies to them. */
  evidence: Array<{ question: string; reply: string }>;
  /** UTC epoch milliseconds; 0: not asked yet. */
  askedAt: number;
}

/** The person, from the claims of the provider. */
export interface Person {
  sub: string;
  name: string;
  email?: string;
  /** Login name. */
  username?: string;
}

/** A JWT access token, and what an API says about it. */
export interface Jwt {
  token: string;
  answer: Omit<Answer, 'askedAt'>;
  asking?: Promise<void>;
  /** When the API may be called again, in times of `performance.now()`; undefined before the first answer. */
  nextAt?: number;
}

/** One sign-in of a person at the demo page. It stays on the server. */
export interface SignIn {
  person: Person;
  accessToken: string;
  refreshToken: string;
  idToken: string;
  /** An access token for the API that takes JWTs. */
  jwt?: Jwt;
  /** UTC epoch milliseconds. */
  at: number;
  answers: Record<Credential, Answer>;
  /** Since when every credential is rejected, in UTC epoch milliseconds. This is final, so the page stops asking. */
  endedAt?: number;
}

/** An answer that is still to come. */
export const notAsked = (): Answer => ({ standing: 'unknown', evidence: [], askedAt: 0 });

export const newSignIn = (known: Omit<SignIn, 'at' | 'answers'>): SignIn => ({
  ...known,
  at: Date.now(),
  answers: { session: notAsked(), access: notAsked(), refresh: notAsked() },
});

/** The status of the whole sign-in. */
export type Mood = 'alive' | 'ended' | 'partly' | 'unknown';

export function moodOf({ answers }: SignIn): Mood {
  const standings = CREDENTIALS.map((credential) => answers[credential].standing);
  if (standings.every((standing) => standing === 'alive')) return 'alive';
  if (standings.every((standing) => standing === 'ended')) return 'ended';
  return standings.includes('ended') ? 'partly' : 'unknown';
}
