import { account } from './account.js';
import { did } from './did.js';
import { email } from './email.js';
import type { IdentifierFormat } from './identifier-format.js';
import { issSub } from './iss-sub.js';
import { opaque } from './opaque.js';
import { phoneNumber } from './phone-number.js';
import { uri } from './uri.js';

/** Formats in the order of the OpenAPI document. */
const FORMATS = {
  email,
  phone_number: phoneNumber,
  account,
  opaque,
  did,
  uri,
  iss_sub: issSub,
} as const satisfies Record<string, IdentifierFormat>;

/** Formats of RFC 9493, except `aliases`. @publicApi */
export type Rfc9493Format = keyof typeof FORMATS;

/** Formats of RFC 9493 by name, except `aliases`. @see RFC 9493 §3.2.1 to §3.2.7 @publicApi */
export const rfc9493Formats: ReadonlyMap<string, IdentifierFormat> = new Map(Object.entries(FORMATS));
