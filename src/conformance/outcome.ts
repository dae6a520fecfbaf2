/** Replaces control characters, which must not reach the terminal or a report. */
const printable = (text: string): string => text.replaceAll(/[^\P{C}\n]/gu, '�');

/** The server does not meet the requirement. The message says what was expected and what came instead. */
export class Mismatch extends Error {
  constructor(message: string) {
    super(printable(message));
  }
}

/** The requirement cannot be tested on this server. The message says why. */
export class NotTested extends Error {
  constructor(message: string) {
    super(printable(message));
  }
}

/** The server limits the rate of calls, which says nothing about the requirement. @see RFC 6585 §4 */
export class TooOften extends NotTested {
  /** @param retryAfter seconds to wait; undefined if the server does not say */
  constructor(readonly retryAfter: number | undefined) {
    const wait = retryAfter === undefined ? 'without Retry-After' : `with Retry-After: ${retryAfter}`;
    super(`the server limits the rate of calls: it answered 429 ${wait}`);
  }
}
