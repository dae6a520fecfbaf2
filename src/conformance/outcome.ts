/** The server does otherwise. The message says what was expected and what came. */
export class Mismatch extends Error {}

/** The rule cannot be seen on this server. The message says what is needed. */
export class NotTested extends Error {}
