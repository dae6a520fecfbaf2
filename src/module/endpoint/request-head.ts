import type { IncomingMessage } from 'node:http';
import { headerValues } from '../http/http-adapter.js';
import type { RefusalReason } from '../revocation.errors.js';
import { BODY_MAX } from './request-body.js';

const JSON_UTF8 = /^application\/json *(; *charset *= *("utf-8"|utf-8) *)?$/i;

/**
 * Checks method and headers before the body is read. Returns the refusal, or undefined.
 *
 * @see RFC 9110 §15.5.6, §15.5.14, §15.5.16, RFC 8259 §8.1
 */
export function headRefusal(request: IncomingMessage): RefusalReason | undefined {
  const { method, headers } = request;
  if (method !== 'POST') return 'methodNotAllowed';
  const [type = '', ...more] = headerValues(request, 'content-type');
  if (more.length > 0 || !JSON_UTF8.test(type)) return 'contentType';
  if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) return 'contentEncoding';
  if (Number(headers['content-length'] ?? 0) > BODY_MAX) return 'bodyTooLarge';
  return undefined;
}
