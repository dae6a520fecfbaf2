/** Exit codes of the command line, the same for every command. @publicApi */
export const EXIT_CODES = {
  /** Done. */
  done: 0,
  /** Failed, or `doctor` found something to fix. */
  failed: 1,
  /** Wrong usage: unknown command, option or value. Nothing was done. */
  usage: 2,
  /** No such user, realm, client, record, stream or recipient. */
  not_found: 3,
  /** Found, but its current state does not allow the change. Nothing was done. */
  refused: 4,
  /** The database does not answer; it is safe to try again. */
  unavailable: 5,
  /** Interrupted by a signal; the command may have taken effect. */
  interrupted: 130,
} as const;

/** Why a command failed. @publicApi */
export type FailureKind = Exclude<keyof typeof EXIT_CODES, 'done'>;
