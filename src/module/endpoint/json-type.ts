import { parse } from 'content-type';

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;
/** A parameter, or the empty one that RFC 9110 allows; white space around `=` is sent, too. Each blank fits one place only. */
const PARAMETER = String.raw`;[\t ]*(?:${TOKEN}[\t ]*=[\t ]*(?:${TOKEN}|${TEXT})[\t ]*)?`;
const MEDIA_TYPE = new RegExp(String.raw`^${TOKEN}/${TOKEN}[\t ]*(?<parameters>(?:${PARAMETER})*)$`);

/**
 * Whether a `Content-Type` says JSON in UTF-8. Parameters that are not known say nothing; `charset` may be said again, but
 * not otherwise.
 *
 * @see RFC 9110 §5.6.6, §8.3.1, RFC 2045 §5, RFC 8259 §8.1
 */
export function isJsonType(header: string): boolean {
  const { parameters } = MEDIA_TYPE.exec(header)?.groups ?? {};
  if (parameters === undefined || parse(header).type !== 'application/json') return false;
  const each = parameters.match(new RegExp(PARAMETER, 'g')) ?? [];
  // One at a time: of two with one name the parser keeps the first.
  const charsets = each.map((parameter) => parse(parameter).parameters['charset']?.toLowerCase());
  return charsets.every((charset) => charset === undefined || charset === 'utf-8');
}
