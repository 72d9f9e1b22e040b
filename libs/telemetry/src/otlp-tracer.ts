import { ROOT_CONTEXT, SpanStatusCode, TraceFlags, isSpanContextValid, trace } from '@opentelemetry/api';
import type { Context, SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Tracer } from './tracing';

/** Spans that wait to be sent; the newest are dropped beyond it. */
const MAX_WAITING_SPANS = 2_048;
const SEND_TIMEOUT_MS = 1_000;

/** Sends its spans to an OTLP/HTTP receiver; `endpoint` is its base URL. */
export function createOtlpTracer({ service, endpoint }: { service: string; endpoint: string }): Tracer {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: SEND_TIMEOUT_MS });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `camfleet-${service}` }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, {
        maxQueueSize: MAX_WAITING_SPANS,
        exportTimeoutMillis: SEND_TIMEOUT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('camfleet');
  return {
    run: async ({ name, parent, attributes }, work) => {
      const span = tracer.startSpan(name, { attributes }, contextOf(parent));
      try {
        return await work({
          traceparent: formatTraceparent(span.spanContext()),
          set: (more) => void span.setAttributes(more),
        });
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
    record: ({ name, parent, attributes, startMs }) => {
      const span = tracer.startSpan(name, { attributes, startTime: startMs }, contextOf(parent));
      span.end();
      return formatTraceparent(span.spanContext());
    },
    // A receiver that is away must not keep a program from ending.
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

/** https://www.w3.org/TR/trace-context/#traceparent-header, version 00. */
const TRACEPARENT = /^00-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})$/;

function contextOf(traceparent: string | null | undefined): Context {
  const { traceId = '', spanId = '', flags = '' } = TRACEPARENT.exec(traceparent ?? '')?.groups ?? {};
  const parent: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
  };
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
