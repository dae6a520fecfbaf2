/** What a check of a credential answered. */
interface Check {
  sent: number;
  isActive: boolean;
}

/** A call of the endpoint: when it was answered, and with which status; 0 for a connection that broke. */
interface Call {
  requestId: string;
  answered: number;
  status: number;
}

/** What happened to one sign-in, by one clock. */
export class History {
  readonly checks: Check[] = [];
  readonly calls: Call[] = [];
  /** Requests that got no answer, or 503. */
  unclear = 0;

  constructor(
    readonly subject: string,
    readonly accessToken: string,
    readonly refreshToken: string,
  ) {}

  /** When the first 204 was there; undefined if nobody revoked. */
  get revokedAt(): number | undefined {
    const answered = this.calls.filter(({ status }) => status === 204).map((call) => call.answered);
    return answered.length === 0 ? undefined : Math.min(...answered);
  }

  /** Checks that were sent after the 204, and accepted. */
  get accepted(): number {
    const { revokedAt } = this;
    return this.checks.filter(({ sent, isActive }) => revokedAt !== undefined && sent > revokedAt && isActive).length;
  }

  /** Checks that were refused although nobody had called for a revocation. */
  get refused(): number {
    return this.calls.length > 0 ? 0 : this.checks.filter(({ isActive }) => !isActive).length;
  }

  /**
   * Calls whose records are not as they must be: one for a 204, at most one for anything else.
   *
   * @param records how many there are, by request id
   */
  misrecorded(records: ReadonlyMap<string, number>): number {
    return this.calls.filter(({ requestId, status }) => {
      const found = records.get(requestId) ?? 0;
      return status === 204 ? found !== 1 : found > 1;
    }).length;
  }
}

/** What came of one round. */
export interface Verdict {
  checks: number;
  /** Checks that were sent after the 204. */
  after: number;
  revocations: number;
  unclear: number;
  /** Of these, none may be. */
  accepted: number;
  refused: number;
  misrecorded: number;
}

export function verdictOf(histories: readonly History[], records: ReadonlyMap<string, number>): Verdict {
  const sum = (of: (history: History) => number): number => histories.reduce((total, one) => total + of(one), 0);
  return {
    checks: sum(({ checks }) => checks.length),
    after: sum(
      ({ checks, revokedAt }) => checks.filter(({ sent }) => revokedAt !== undefined && sent > revokedAt).length,
    ),
    revocations: sum(({ calls }) => calls.filter(({ status }) => status === 204).length),
    unclear: sum(({ unclear }) => unclear),
    accepted: sum(({ accepted }) => accepted),
    refused: sum(({ refused }) => refused),
    misrecorded: sum((history) => history.misrecorded(records)),
  };
}
