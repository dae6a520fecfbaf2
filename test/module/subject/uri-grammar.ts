import * as fc from 'fast-check';

/** Generators that follow the grammar of RFC 3986 Appendix A rule by rule, so that they know nothing of our expressions. */

const of = (chars: string): fc.Arbitrary<string> => fc.constantFrom(...Array.from(chars));
const digit = of('0123456789');
const alpha = of('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');
const hex = of('0123456789abcdefABCDEF');
const unreserved = fc.oneof(alpha, digit, of('-._~'));
const subDelims = of("!$&'()*+,;=");
/** Plain text only, or the grammar's `%` and two digits of any kind. */
export const pctEncoded = fc.tuple(hex, hex).map(([high, low]) => `%${high}${low}`);
const pchar = fc.oneof(unreserved, pctEncoded, subDelims, of(':@'));
const many = (char: fc.Arbitrary<string>, minLength = 0): fc.Arbitrary<string> =>
  fc.array(char, { minLength, maxLength: 8 }).map((chars) => chars.join(''));
const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));
const optional = (part: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(''), part);

const pathAbempty = fc.array(many(pchar), { maxLength: 3 }).map((segments) => segments.map((s) => `/${s}`).join(''));
const pathRootless = joined(many(pchar, 1), pathAbempty);
const pathAbsolute = joined(fc.constant('/'), optional(pathRootless));
const query = optional(joined(fc.constant('?'), many(fc.oneof(pchar, of('/?')))));
const fragment = optional(joined(fc.constant('#'), many(fc.oneof(pchar, of('/?')))));
const ipFuture = joined(
  of('vV'),
  many(hex, 1),
  fc.constant('.'),
  many(fc.oneof(unreserved, subDelims, fc.constant(':')), 1),
);
export const ipLiteral = joined(fc.constant('['), fc.oneof(fc.ipV6(), ipFuture), fc.constant(']'));
const regName = many(fc.oneof(unreserved, pctEncoded, subDelims));
const userinfo = many(fc.oneof(unreserved, pctEncoded, subDelims, fc.constant(':')));
const authority = joined(
  optional(joined(userinfo, fc.constant('@'))),
  fc.oneof(ipLiteral, fc.ipV4(), regName),
  optional(joined(fc.constant(':'), many(digit))),
);
const scheme = joined(alpha, many(fc.oneof(alpha, digit, of('+-.'))));
const hierPart = fc.oneof(
  joined(fc.constant('//'), authority, pathAbempty),
  pathAbsolute,
  pathRootless,
  fc.constant(''),
);

/** `URI` */
export const uris = joined(scheme, fc.constant(':'), hierPart, query, fragment);

const idchar = fc.oneof(alpha, digit, of('.-_'), pctEncoded);
const methodSpecificId = joined(
  fc.array(many(idchar), { maxLength: 3 }).map((parts) => parts.map((part) => `${part}:`).join('')),
  many(idchar, 1),
);
const methodName = many(fc.oneof(of('abcdefghijklmnopqrstuvwxyz'), digit), 1);

/** `did-url`, a bare DID among them. @see Decentralized Identifiers (DIDs) v1.0 §3.1, §3.2 */
export const didUrls = joined(
  fc.constant('did:'),
  methodName,
  fc.constant(':'),
  methodSpecificId,
  pathAbempty,
  query,
  fragment,
);

/** Any text of Unicode without controls, encoded. */
const encodedText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 4 })
  .filter((text) => !/[\p{Cs}\u0000-\u001f\u007f]/u.test(text))
  .map((text) => encodeURIComponent(text));

/** `acctURI`. @see RFC 7565 §7 */
export const accountUris = joined(
  of('aA'),
  of('cC'),
  fc.constant('ct:'),
  many(fc.oneof(unreserved, subDelims), 1),
  many(fc.oneof(unreserved, subDelims, encodedText)),
  fc.constant('@'),
  fc.oneof(ipLiteral, fc.ipV4(), many(fc.oneof(unreserved, subDelims, encodedText), 1)),
);

/** E.164. */
export const phoneNumbers = joined(fc.constant('+'), of('123456789'), fc.stringMatching(/^[0-9]{1,14}$/));
