import { isDriverError, RevocationError } from 'nestjs-global-revocation';
import { ChangeRefusal } from 'nestjs-global-revocation/administration';
import { databaseFix } from './database-fix.js';
import type { FailureKind } from './exit-codes.js';

/** The failure of a command; the message says why, and what to do. @publicApi */
export class CommandFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CommandFailure';
  }
}

/** An invalid value of an option; commander reports it like its own errors. */
export class InvalidValue extends Error {
  readonly code = 'commander.invalidArgument';
}

/** Converts any error to a message for the operator. @param cli name of the command line, for the fix */
export function asFailure(error: unknown, cli: string): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof ChangeRefusal) {
    return new CommandFailure(error.reason === 'conflict' ? 'refused' : 'not_found', error.message);
  }
  const cause = error instanceof RevocationError && error.cause ? error.cause : error;
  const message = cause instanceof Error ? cause.message.split('\n', 1)[0]! : String(cause);
  if (isDriverError(cause, 'missingSchema'))
    return new CommandFailure('failed', `${message}: run \`${cli} migrate\` first`);
  const fix = databaseFix(cause);
  if (fix !== undefined) return new CommandFailure('failed', `${message}: ${fix}`);
  if (isDriverError(cause, 'transient'))
    return new CommandFailure('unavailable', `the database does not answer (${message})`);
  if (error instanceof RevocationError) return new CommandFailure(kindOf(error), message);
  return new CommandFailure('failed', message);
}

function kindOf({ reason, status }: RevocationError): FailureKind {
  if (reason === 'unknownSubject') return 'not_found';
  if (status === 400) return 'usage';
  return status === 503 ? 'unavailable' : 'refused';
}
