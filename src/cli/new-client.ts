import type { CallerRestrictions } from 'nestjs-global-revocation';
import { CommandFailure, InvalidValue } from './failure.js';

/** The restrictions of a new client, as an operator writes them. */
export interface RestrictionOptions {
  formats?: string[] | undefined;
  issuers?: string[] | undefined;
  tenant?: string | undefined;
  unknownSubject?: CallerRestrictions['unknownSubject'];
}

/** @see RFC 6749 §A.1 */
const CLIENT_ID = /^[\x21-\x7e]{1,255}$/;
/** @see RFC 6749 §3.3 */
const SCOPE = /^(?=.{1,1000}$)[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** @throws CommandFailure for an invalid client id */
export function checkClientId(id: string): void {
  if (CLIENT_ID.test(id)) return;
  throw new CommandFailure('usage', 'a client id must have 1 to 255 visible ASCII characters, and no spaces');
}

/** @throws InvalidValue */
export function parseScope(text: string): string {
  if (!SCOPE.test(text)) throw new InvalidValue('It must consist of scope names, separated by single spaces.');
  return text;
}

/** Splits a comma-separated list of names. @throws InvalidValue if a name is empty */
export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidValue('It must not be empty.');
  return names;
}

/** Returns the caller restrictions; null if there are none. */
export function restrictionsOf({
  formats,
  issuers,
  tenant,
  unknownSubject,
}: RestrictionOptions): CallerRestrictions | null {
  const restrictions = {
    ...(formats && { formats }),
    ...(issuers && { issuers }),
    ...(tenant !== undefined && { tenant }),
    ...(unknownSubject && { unknownSubject }),
  };
  return Object.keys(restrictions).length === 0 ? null : restrictions;
}
