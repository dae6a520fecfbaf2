import { createRequire } from 'node:module';
import type { Attributes, Context, Span } from '@opentelemetry/api';

type Api = typeof import('@opentelemetry/api');

const NAME = 'nestjs-global-revocation';

/** OpenTelemetry's API; undefined if it is not installed. */
const api = load();

function load(): Api | undefined {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api') as Api;
  } catch {
    return undefined;
  }
}

/** A span that its user ends. Attributes never contain input or identify the user. */
interface OpenSpan {
  /** Runs `work` with this span as parent of new spans. */
  run<T>(work: () => T): T;
  end(attributes: Attributes, error?: string): void;
}

const NO_SPAN: OpenSpan = { run: (work) => work(), end: () => {} };

/**
 * Starts the span of a request, below the host's span if there is one, otherwise below the caller's.
 *
 * @param headers of the request, for the host's propagator
 */
export function requestSpan(name: string, headers: Record<string, unknown>): OpenSpan {
  if (!api) return NO_SPAN;
  const active = api.context.active();
  const parent: Context = api.trace.getSpan(active) ? active : api.propagation.extract(active, headers);
  const span = api.trace.getTracer(NAME).startSpan(name, { kind: api.SpanKind.SERVER }, parent);
  const own = api.trace.setSpan(parent, span);
  return {
    run: (work) => api.context.with(own, work),
    end: (attributes, error) => end(api, span.setAttributes(attributes), error),
  };
}

/** Runs `work` in its own span. For an error, the span shows only the name of the refusal. */
export async function inSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (!api) return work();
  return api.trace.getTracer(NAME).startActiveSpan(name, async (span) => {
    try {
      const result = await work();
      end(api, span);
      return result;
    } catch (error) {
      end(api, span, (error as { reason?: string }).reason ?? 'error');
      throw error;
    }
  });
}

function end({ SpanStatusCode }: Api, span: Span, error?: string): void {
  if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
  span.end();
}
