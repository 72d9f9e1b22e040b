export { type Logger, createLogger } from './logger';
export { createMetrics } from './metrics';
export { Counter, Gauge, Histogram, type Registry } from 'prom-client';
export { type Span, type Tracer, createTracer } from './tracing';
