import type { CallerRestrictions } from 'nestjs-global-revocation';
import { CommandFailure, InvalidValue } from './failure.js';

/** What a new client may be restricted to, as an operator writes it. */
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

/** @throws CommandFailure for a text that cannot be a client id */
export function checkClientId(id: string): void {
  if (CLIENT_ID.test(id)) return;
  throw new CommandFailure('usage', 'a client id must have 1 to 255 visible ASCII characters, and no spaces');
}

/** @throws InvalidValue */
export function parseScope(text: string): string {
  if (!SCOPE.test(text)) throw new InvalidValue('It must be scope names with single spaces between them.');
  return text;
}

/** Reads names between commas. @throws InvalidValue when a name is empty */
export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidValue('It must not be empty.');
  return names;
}

/** Returns null without restrictions. */
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
