import * as fc from 'fast-check';
import { accountUris, didUrls, phoneNumbers, uris } from './uri-grammar.js';

/** Text without controls and halves of characters. */
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((value) => !/[\p{Cs}\u0000-\u001f\u007f]/u.test(value));

/** `addr-spec` with a dot-atom, or with a quoted string that needs its quotes, some characters behind a backslash. */
const addresses = fc.oneof(
  fc.emailAddress(),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.boolean(), fc.domain())
    .map(([words, all, domain]) => `"${words.replaceAll(all ? /./g : /["\\]/g, String.raw`\$&`)} x"@${domain}`),
);

/** A valid subject identifier, as it goes over the wire. */
export type Wire = { format: string } & Record<string, string>;

/** Valid identifiers of each format; `uid` stands for the Janssen profile. */
export const validIdentifiers: Readonly<Record<string, fc.Arbitrary<Wire>>> = {
  account: accountUris.map((uri) => ({ format: 'account', uri })),
  email: addresses.map((email) => ({ format: 'email', email })),
  iss_sub: fc.tuple(uris, text).map(([iss, sub]) => ({ format: 'iss_sub', iss, sub })),
  opaque: text.map((id) => ({ format: 'opaque', id })),
  phone_number: phoneNumbers.map((phone_number) => ({ format: 'phone_number', phone_number })),
  did: didUrls.map((url) => ({ format: 'did', url })),
  uri: uris.map((uri) => ({ format: 'uri', uri })),
  uid: text.map((id) => ({ format: 'uid', id })),
};

export const anyValid: fc.Arbitrary<Wire> = fc.oneof(...Object.values(validIdentifiers));
