import { parse } from 'content-type';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;
/** A parameter, or the empty one that RFC 9110 allows; some clients send white space around `=`. Matches without backtracking. */
const PARAMETER = String.raw`;[\t ]*(?:${TOKEN}[\t ]*=[\t ]*(?:${TOKEN}|${TEXT})[\t ]*)?`;
const MEDIA_TYPE = new RegExp(String.raw`^${TOKEN}/${TOKEN}[\t ]*(?<parameters>(?:${PARAMETER})*)$`);

/**
 * Returns whether a `Content-Type` means JSON in UTF-8. Unknown parameters are ignored; `charset` may be repeated with the
 * same value.
 *
 * @see RFC 9110 §5.6.6, §8.3.1, RFC 2045 §5, RFC 8259 §8.1
 */
export function isJsonType(header: string): boolean {
  const { parameters } = MEDIA_TYPE.exec(header)?.groups ?? {};
  if (parameters === undefined || parse(header).type !== 'application/json') return false;
  const each = parameters.match(new RegExp(PARAMETER, 'g')) ?? [];
  // Parsed one at a time, because the parser ignores repeated names.
  const charsets = each.map((parameter) => parse(parameter).parameters['charset']?.toLowerCase());
  return charsets.every((charset) => charset === undefined || charset === 'utf-8');
}
