/** The things a relying party holds of a person who signed in. */
export const CREDENTIALS = ['session', 'access', 'refresh'] as const;
export type Credential = (typeof CREDENTIALS)[number];

/** `unknown`: the provider gave no answer that says one or the other. */
export type Standing = 'alive' | 'ended' | 'unknown';

/** What came of asking about one credential. */
export interface Answer {
  standing: Standing;
  /** What was asked on the wire, and what was replied. */
  evidence: Array<{ question: string; reply: string }>;
  /** UTC epoch milliseconds; 0: not asked yet. */
  askedAt: number;
}

/** Who signed in, in the provider's words. */
export interface Person {
  sub: string;
  name: string;
  email?: string;
  /** Login name. */
  username?: string;
}

/** One sign-in of a person at the demo page. It stays on the server. */
export interface SignIn {
  person: Person;
  accessToken: string;
  refreshToken: string;
  idToken: string;
  /** UTC epoch milliseconds. */
  at: number;
  answers: Record<Credential, Answer>;
  /** Since when every credential is refused; UTC epoch milliseconds. Nothing is asked after that: it ended for good. */
  endedAt?: number;
}

const notAsked = (): Answer => ({ standing: 'unknown', evidence: [], askedAt: 0 });

export const newSignIn = (known: Omit<SignIn, 'at' | 'answers'>): SignIn => ({
  ...known,
  at: Date.now(),
  answers: { session: notAsked(), access: notAsked(), refresh: notAsked() },
});

/** How the sign-in as a whole stands. */
export type Mood = 'alive' | 'ended' | 'partly' | 'unknown';

export function moodOf({ answers }: SignIn): Mood {
  const standings = CREDENTIALS.map((credential) => answers[credential].standing);
  if (standings.every((standing) => standing === 'alive')) return 'alive';
  if (standings.every((standing) => standing === 'ended')) return 'ended';
  return standings.includes('ended') ? 'partly' : 'unknown';
}
