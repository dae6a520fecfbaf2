/** The server does otherwise. The message says what was expected and what came. */
export class Mismatch extends Error {}

/** The rule cannot be seen on this server. The message says what is needed. */
export class NotTested extends Error {}

/** The server is called too often: that says nothing about the rule. @see RFC 6585 §4 */
export class TooOften extends NotTested {
  /** @param retryAfter for how many seconds it is not to be called; undefined where it does not say */
  constructor(readonly retryAfter: number | undefined) {
    const more = retryAfter === undefined ? 'does not say for how long' : `asks to wait for ${retryAfter} s`;
    super(`the server limits how often it is called (429), and ${more}`);
  }
}
