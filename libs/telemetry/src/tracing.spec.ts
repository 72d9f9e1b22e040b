import { startOtlpReceiver } from '@camfleet/testing';
import { createTracer } from './tracing';

describe('a trace', () => {
  it('goes on in another process from the words that were handed over', async () => {
    await using otlp = await startOtlpReceiver();
    const api = await createTracer({ service: 'api', endpoint: otlp.endpoint });
    const worker = await createTracer({ service: 'worker', endpoint: otlp.endpoint });

    const handed = api.record({ name: 'upload', startMs: Date.now() - 1_000 });
    await worker.run({ name: 'job', parent: handed }, (job) =>
      worker.run({ name: 'decode', parent: job.traceparent }, () => Promise.resolve()),
    );
    await Promise.all([api.stop(), worker.stop()]);

    const named = (name: string) => otlp.spans.find((span) => span.name === name);
    expect(named('job')).toMatchObject({
      service: 'camfleet-worker',
      traceId: named('upload')?.traceId,
      parentSpanId: named('upload')?.spanId,
    });
    expect(named('decode')?.parentSpanId).toBe(named('job')?.spanId);
  });

  it('shows what failed, and lets the failure through', async () => {
    await using otlp = await startOtlpReceiver();
    const tracer = await createTracer({ service: 'api', endpoint: otlp.endpoint });
    await expect(tracer.run({ name: 'job' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await tracer.stop();
    expect(otlp.spans[0]).toMatchObject({ name: 'job', status: { code: 2 } });
  });

  it('begins anew where the parent makes no sense, and costs nobody the work when nothing receives it', async () => {
    const tracer = await createTracer({ service: 'api', endpoint: 'http://127.0.0.1:1' });
    const traceparent = await tracer.run({ name: 'job', parent: '00-zz' }, (span) =>
      Promise.resolve(span.traceparent),
    );
    expect(traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    await tracer.stop();
  });

  it('passes through a part that nobody listens to', async () => {
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const silent = await createTracer({ service: 'worker' });
    const handed = await silent.run({ name: 'job', parent }, (span) => Promise.resolve(span.traceparent));
    expect(handed).toBe(parent);
    expect(silent.record({ name: 'upload', startMs: 0 })).toBeUndefined();
  });
});
