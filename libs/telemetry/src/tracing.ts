import type { Attributes } from '@opentelemetry/api';

/** A step of work on its way through the processes. */
export interface Span {
  /** W3C `traceparent`: what goes on elsewhere names it as its parent. Undefined: nothing is traced. */
  readonly traceparent: string | undefined;
  set(attributes: Attributes): void;
}

export interface SpanOptions {
  name: string;
  /** A `traceparent`; one that cannot be read begins a new trace. */
  parent?: string | null;
  attributes?: Attributes;
}

export interface Tracer {
  /** Runs `work` as a span, which is failed when `work` rejects. */
  run<Result>(options: SpanOptions, work: (span: Span) => Promise<Result>): Promise<Result>;
  /** A span that is over: it began at `startMs`, Unix ms, in whatever process. Answers its `traceparent`. */
  record(options: SpanOptions & { startMs: number }): Span['traceparent'];
  /** Sends what is left, for a second at most. */
  stop(): Promise<void>;
}

export interface TracerOptions {
  service: string;
  /** Base URL of an OTLP/HTTP receiver (`OTEL_EXPORTER_OTLP_ENDPOINT`); without one nothing is traced. */
  endpoint?: string;
}

/**
 * A tracer of its own for each program part: nothing is registered globally, since API and worker may share a
 * process, and a parent is always named, since a trace goes from process to process through rows and messages.
 * OpenTelemetry is loaded only where somebody receives what it tells.
 */
export async function createTracer({ service, endpoint }: TracerOptions): Promise<Tracer> {
  if (endpoint === undefined) return UNTRACED;
  const { createOtlpTracer } = await import('./otlp-tracer.js');
  return createOtlpTracer({ service, endpoint });
}

/** Costs nothing, and lets a trace pass that others take part in. */
const UNTRACED: Tracer = {
  run: ({ parent }, work) => work({ traceparent: parent ?? undefined, set: () => undefined }),
  record: ({ parent }) => parent ?? undefined,
  stop: () => Promise.resolve(),
};
