import type { IncomingMessage } from 'node:http';
import { headerValues } from '../http/http-adapter.js';
import type { RefusalReason } from '../revocation.errors.js';
import { isJsonType } from './json-type.js';
import { BODY_MAX } from './request-body.js';

/**
 * Checks method and headers before the body is read. Returns the refusal, or undefined.
 *
 * @param readsState whether the request reads the state of a revocation
 * @see RFC 9112 §3.2, RFC 9110 §15.5.6, §15.5.14, §15.5.16, RFC 8259 §8.1
 */
export function headRefusal(request: IncomingMessage, readsState: boolean): RefusalReason | undefined {
  const { method, headers, url = '' } = request;
  // No client sends a fragment, and routers differ in whether they read it.
  if (url.includes('#')) return 'requestTarget';
  if (readsState) return undefined;
  if (method !== 'POST') return 'methodNotAllowed';
  const [type = '', ...more] = headerValues(request, 'content-type');
  if (more.length > 0 || !isJsonType(type)) return 'contentType';
  if (!/^(identity)?$/i.test(headers['content-encoding'] ?? '')) return 'contentEncoding';
  if (Number(headers['content-length'] ?? 0) > BODY_MAX) return 'bodyTooLarge';
  return undefined;
}
