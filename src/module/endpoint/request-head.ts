import type { IncomingMessage } from 'node:http';
import { headerValues } from '../http/http-adapter.js';
import type { RefusalReason } from '../revocation.errors.js';
import { isJsonType } from './json-type.js';

/**
 * Checks target, method and type before the body is read. Returns the refusal, or undefined.
 *
 * @param readsState whether the request reads the state of a revocation
 * @see RFC 9112 §3.2, RFC 9110 §15.5.6, §15.5.14, §15.5.16, RFC 8259 §8.1
 */
export function headRefusal(request: IncomingMessage, readsState: boolean): RefusalReason | undefined {
  const { method, url = '' } = request;
  // No client sends a fragment, and routers differ in whether they read it.
  if (url.includes('#')) return 'requestTarget';
  if (readsState) return undefined;
  return method === 'POST' ? typeRefusal(request) : 'methodNotAllowed';
}

/** Checks that a body is JSON in UTF-8 and not compressed. Returns the refusal, or undefined. */
export function typeRefusal(request: IncomingMessage): RefusalReason | undefined {
  const [type = '', ...more] = headerValues(request, 'content-type');
  if (more.length > 0 || !isJsonType(type)) return 'contentType';
  return /^(identity)?$/i.test(request.headers['content-encoding'] ?? '') ? undefined : 'contentEncoding';
}
