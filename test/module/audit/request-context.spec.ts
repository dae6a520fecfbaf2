import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { RequestContext } from '../../../src/module/audit/request-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

const request = (headers: Record<string, unknown>) => ({ headers }) as unknown as IncomingMessage;

test('keeps both X-Request-Id and traceparent', () => {
  const context = RequestContext.of(request({ 'x-request-id': 'req-1', traceparent }));
  expect(context).toMatchObject({ requestId: 'req-1', traceId: TRACE });
});

test('uses the trace ID as request ID when only traceparent is sent', () => {
  expect(RequestContext.of(request({ traceparent }))).toMatchObject({ requestId: TRACE, traceId: TRACE });
});

test('creates one new ID per request when neither header is sent', () => {
  const [one, other] = [request({}), request({})];
  expect(RequestContext.of(one).requestId).toMatch(UUID);
  expect(RequestContext.of(one)).toBe(RequestContext.of(one));
  expect(RequestContext.of(other).requestId).not.toBe(RequestContext.of(one).requestId);
});

test.each([
  ['empty', ''],
  ['with a line break', 'a\nb'],
  ['with a quote', 'a"b'],
  ['with a blank', 'a b'],
  ['an e-mail address', 'alice@example.com'],
  ['of 65 characters', 'a'.repeat(65)],
  ['sent twice', ['a', 'b']],
])('replaces X-Request-Id %s with a new ID', (_title, header) => {
  expect(RequestContext.of(request({ 'x-request-id': header })).requestId).toMatch(UUID);
});

test('keeps an X-Request-Id of 64 characters', () => {
  const longest = 'aB3._-'.padEnd(64, 'x');
  expect(RequestContext.of(request({ 'x-request-id': longest })).requestId).toBe(longest);
});

test.each([
  ['of only zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['without a parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['of the forbidden version', `ff-${TRACE}-00f067aa0ba902b7-01`],
  ['in capitals', traceparent.toUpperCase()],
  ['of version 00 with extra fields', `${traceparent}-00`],
  ['cut short', traceparent.slice(0, -1)],
  ['with something before it', ` ${traceparent}`],
])('reads no trace ID from traceparent %s', (_title, header) => {
  const { requestId, traceId } = RequestContext.of(request({ traceparent: header }));
  expect(requestId).toMatch(UUID);
  expect(traceId).toBeUndefined();
});

test('reads the trace ID from a later traceparent version with more fields', () => {
  expect(RequestContext.of(request({ traceparent: `01${traceparent.slice(2)}-more` })).traceId).toBe(TRACE);
});
