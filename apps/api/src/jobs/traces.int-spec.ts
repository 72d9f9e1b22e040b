import type { ClaimAnswer, VideoJob } from '@camfleet/protocol';
import { startOtlpReceiver } from '@camfleet/testing';
import { WORKER_KEY, eventually } from '../../testing/api-harness';
import { VideoStage } from '../../testing/video-stage';

describe('the trace of a recording', () => {
  it('begins with its upload, is handed to the worker that gets a job, and takes in the result', async () => {
    await using otlp = await startOtlpReceiver();
    const stage = await VideoStage.start({ tracesUrl: otlp.endpoint });
    try {
      const { id } = (await stage.post('0123')).body;
      const body = { analyses: ['frames'] };
      await stage.api.call<{ jobs: VideoJob[] }>('POST', `/api/videos/${id}/process`, { body });
      const claimed = await stage.api.call<ClaimAnswer>('POST', '/api/vision/claim', {
        key: WORKER_KEY,
        body: { worker_id: 'python', max_jobs: 1, lease_seconds: 60, analysis_types: ['frames'] },
      });
      const [job] = claimed.body.jobs;
      const { traceparent = '' } = job ?? {};
      await stage.api.call('POST', '/api/vision/result', {
        key: WORKER_KEY,
        headers: { traceparent },
        body: {
          ...{ worker_id: 'python', job_id: job?.job_id, event_id: id, analysis_type: 'frames' },
          raw_response: { video: {}, truncated: false, frames: [], thumbnails: {} },
          ...{ model: 'none', version: '1', hash: null, metadata: {} },
        },
      });
      const result = await eventually(
        'the spans',
        () => otlp.spans.find(({ name }) => name === 'job.result'),
        15_000,
      );
      const upload = otlp.spans.find(({ name }) => name === 'video.upload');
      expect(traceparent).toContain(upload?.traceId);
      expect(result).toMatchObject({ traceId: upload?.traceId, parentSpanId: upload?.spanId });
    } finally {
      await stage.stop();
    }
  });
});
