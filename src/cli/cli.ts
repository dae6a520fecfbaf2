import type { FailureKind } from './exit-codes.js';

/** Name of the published command. */
export const PUBLISHED_NAME = 'global-revocation';

/** One run of the command line: how it is called, where it speaks, how it ends. */
export class Cli {
  /** What keeps it from being a success. */
  failure: FailureKind | undefined;

  constructor(
    /** How it is called, for help and for the fixes in messages. */
    readonly name: string,
    /** Writes to standard output, a line end included. */
    readonly out: (text: string) => void,
    /** Writes to standard error, a line end included. */
    readonly err: (text: string) => void,
    /** Ends commands that run until somebody stops them. */
    readonly stop: AbortSignal,
    /** Whether what goes to standard output is thrown away. */
    readonly isUnheard = false,
  ) {}
}
