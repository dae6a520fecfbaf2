import { isDriverError, RevocationError } from 'nestjs-global-revocation';
import { ChangeRefusal } from 'nestjs-global-revocation/administration';
import { databaseFix } from './database-fix.js';
import type { FailureKind } from './exit-codes.js';

/** A command that cannot do what it was asked to; the message says why, and what to do. @publicApi */
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

/** A value that commander refuses, as it does those it checks itself. */
export class InvalidValue extends Error {
  readonly code = 'commander.invalidArgument';
}

/** Whatever went wrong, in words for the operator. @param cli how the command line is called, for the fix */
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
