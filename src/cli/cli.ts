import type { FailureKind } from './exit-codes.js';
import { account } from './operator.js';

/** Name of the published command. */
export const PUBLISHED_NAME = 'global-revocation';

/** Lines of a list may be at least this long. */
const LEAST_COLUMNS = 120;

/** Who sits in front of it. */
export interface Audience {
  /** Whether what goes to standard output is thrown away. */
  isUnheard?: boolean;
  /** Width of the terminal; undefined where there is none. */
  columns?: number | undefined;
  /** Asks a question that is answered with yes or no; undefined where nobody sits at a terminal. */
  ask?: ((question: string) => Promise<boolean>) | undefined;
}

/** One run of the command line: how it is called, where it speaks, how it ends. */
export class Cli {
  /** What keeps it from being a success. */
  failure: FailureKind | undefined;
  /** Name that `--as` gives. */
  as: string | undefined;
  readonly isUnheard: boolean;
  readonly ask: Audience['ask'];
  /** Longest line of a list. */
  readonly columns: number;

  constructor(
    /** How it is called, for help and for the fixes in messages. */
    readonly name: string,
    /** Writes to standard output, a line end included. */
    readonly out: (text: string) => void,
    /** Writes to standard error, a line end included. */
    readonly err: (text: string) => void,
    /** Ends commands that run until somebody stops them. */
    readonly stop: AbortSignal,
    { isUnheard = false, columns = LEAST_COLUMNS, ask }: Audience = {},
  ) {
    this.isUnheard = isUnheard;
    this.ask = ask;
    this.columns = Math.max(columns, LEAST_COLUMNS);
  }

  /** Whom the audit record names for what is done from here. */
  get operator(): string {
    return `cli:${this.as ?? account()}`;
  }
}
