import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { asOperator, send, uidBody } from '../endpoint/send.js';
import { describeEachServer } from '../../support/databases.js';
import { serverFixture } from '../../support/server.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${PARENT}-01`;

const exporter = new InMemorySpanExporter();
beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
});
afterAll(() => {
  trace.disable();
  propagation.disable();
  context.disable();
});

describeEachServer('Trace Context §3.2, §3.2.2: spans', (database) => {
  const server = serverFixture(database);
  afterEach(() => exporter.reset());

  const spans = async (count: number) => {
    await expect.poll(() => exporter.getFinishedSpans()).toHaveLength(count);
    return Object.fromEntries(exporter.getFinishedSpans().map((span) => [span.name, span]));
  };

  test('a revocation makes a request span with spans for look-up and revocation, without naming a user', async () => {
    await send(server.endpoint, { headers: { ...asOperator, traceparent }, body: uidBody('alice') });
    const { 'POST gtr': request, 'gtr.look-up': lookUp, 'gtr.revoke': revoke } = await spans(3);
    expect(request!.spanContext().traceId).toBe(TRACE);
    expect(request!.parentSpanContext?.spanId).toBe(PARENT);
    expect(request!.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 204,
      'gtr.result': 'revoked',
      'gtr.method': 'client_secret_basic',
      'gtr.format': 'uid',
    });
    for (const inner of [lookUp!, revoke!]) expect(inner.parentSpanContext?.spanId).toBe(request!.spanContext().spanId);
    const shown = JSON.stringify(
      exporter.getFinishedSpans().map(({ name, attributes, status, events }) => [name, attributes, status, events]),
    );
    expect(shown).not.toMatch(/alice|5a1c0a3e|demo-operator|Basic|127\.0\.0\.1/);
  });

  test('an unknown user makes an error span with the name of the refusal', async () => {
    await send(server.endpoint, { headers: asOperator, body: uidBody('nobody') });
    const { 'POST gtr': request, 'gtr.look-up': lookUp } = await spans(2);
    expect(lookUp!.status.message).toBe('unknownSubject');
    expect(request!.attributes).toMatchObject({ 'http.response.status_code': 404, 'gtr.result': 'unknownSubject' });
  });
});
