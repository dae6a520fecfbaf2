/** Exit codes of the command line, the same for every command. @publicApi */
export const EXIT_CODES = {
  /** Done. */
  done: 0,
  /** Failed, or `doctor` found something to fix. */
  failed: 1,
  /** Wrong usage: unknown command, option or value. Nothing was done. */
  usage: 2,
  /** No such user, client or record. */
  not_found: 3,
  /** Found, but it cannot be done as things stand. Nothing was done. */
  refused: 4,
  /** The database does not answer; doing it again is safe. */
  unavailable: 5,
  /** Interrupted by a signal half way: what was under way may have happened, or not. */
  interrupted: 130,
} as const;

/** Why a command failed. @publicApi */
export type FailureKind = Exclude<keyof typeof EXIT_CODES, 'done' | 'interrupted'>;
