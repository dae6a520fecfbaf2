import type { FailureKind } from './exit-codes.js';
import { account } from './operator.js';

/** Name of the published command. */
export const PUBLISHED_NAME = 'global-revocation';

/** One run of the command line: how it is called, where it speaks, how it ends. */
export class Cli {
  /** What keeps it from being a success. */
  failure: FailureKind | undefined;
  /** Name that `--as` gives. */
  as: string | undefined;

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

  /** Whom the audit record names for what is done from here. */
  get operator(): string {
    return `cli:${this.as ?? account()}`;
  }
}
