/** Thrown for a wrong command line. The message says how to correct it. */
export class UsageError extends Error {}
