import * as fc from 'fast-check';
import { canonicalEmail } from '../../src/subject/email-address.js';
import { accountUris, didUrls, phoneNumbers, uris } from './uri-grammar.js';

/** Text without controls and halves of characters. */
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((value) => !/[\p{Cs}\u0000-\u001f\u007f]/u.test(value));

/** A valid subject identifier, as it goes over the wire. */
export type Wire = { format: string } & Record<string, string>;

/** Valid identifiers of each format; `uid` stands for the Janssen profile. */
export const validIdentifiers: Readonly<Record<string, fc.Arbitrary<Wire>>> = {
  account: accountUris.map((uri) => ({ format: 'account', uri })),
  email: fc
    .emailAddress()
    .filter((email) => canonicalEmail(email) !== undefined)
    .map((email) => ({ format: 'email', email })),
  iss_sub: fc.tuple(uris, text).map(([iss, sub]) => ({ format: 'iss_sub', iss, sub })),
  opaque: text.map((id) => ({ format: 'opaque', id })),
  phone_number: phoneNumbers.map((phone_number) => ({ format: 'phone_number', phone_number })),
  did: didUrls.map((url) => ({ format: 'did', url })),
  uri: uris.map((uri) => ({ format: 'uri', uri })),
  uid: text.map((id) => ({ format: 'uid', id })),
};

export const anyValid: fc.Arbitrary<Wire> = fc.oneof(...Object.values(validIdentifiers));
