import type { Ask } from './ask.js';
import type { FailureKind } from './exit-codes.js';
import { account } from './operator.js';

/** The name of the published command. */
export const PUBLISHED_NAME = 'global-revocation';

/** The width of a list on a narrow terminal, or without one. */
const LEAST_COLUMNS = 120;

/** The terminal, if there is one. */
export interface Audience {
  /** Whether standard output is discarded. */
  isUnheard?: boolean;
  /** Whether standard error is a terminal. */
  isWatched?: boolean;
  /** Width of the terminal; undefined without a terminal. */
  columns?: number | undefined;
  /** Undefined without a terminal. */
  ask?: Ask | undefined;
}

/** One run of the command line: its name, its output and its outcome. */
export class Cli {
  /** Why the run failed; undefined if it succeeded. */
  failure: FailureKind | undefined;
  /** Value of `--as`. */
  as: string | undefined;
  readonly isUnheard: boolean;
  readonly isWatched: boolean;
  readonly ask: Audience['ask'];
  /** Maximum width of a list. */
  readonly columns: number;

  constructor(
    /** Name of the command line, for help texts and for the fixes in messages. */
    readonly name: string,
    /** Writes to standard output; the text includes its line end. */
    readonly out: (text: string) => void,
    /** Writes to standard error; the text includes its line end. */
    readonly err: (text: string) => void,
    /** Stops commands that run until they are stopped. */
    readonly stop: AbortSignal,
    { isUnheard = false, isWatched = false, columns = LEAST_COLUMNS, ask }: Audience = {},
  ) {
    this.isUnheard = isUnheard;
    this.isWatched = isWatched;
    this.ask = ask;
    this.columns = Math.max(columns, LEAST_COLUMNS);
  }

  /** Returns the actor for the audit record. */
  get operator(): string {
    return `cli:${this.as ?? account()}`;
  }
}
