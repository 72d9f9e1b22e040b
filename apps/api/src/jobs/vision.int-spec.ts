import { eventually } from '../../testing/api-harness';
import { JobsStage } from '../../testing/jobs-stage';

describe('the vision protocol', () => {
  let stage: JobsStage;
  beforeAll(async () => {
    stage = await JobsStage.start();
  }, 60_000);
  afterAll(() => stage?.stop());
  afterEach(() => stage.clear());

  it('takes the seed’s own requests as they stand: a worker that was written for it goes on working', async () => {
    await stage.sql('DELETE FROM videos');
    // Refused when it was looked at: its bytes are gone, and it is nothing for anybody's decoder.
    await stage.sql(`UPDATE videos SET status = 'error' WHERE id = '${await stage.video()}'`);
    const videoId = await stage.video();
    const date = new Date().toISOString().slice(0, 10);
    const asked = await stage.worker<{ enqueued: number }>('enqueue_test', { date, limit: 3 });
    expect(asked).toMatchObject({ status: 200, body: { enqueued: 1 } });
    const claim = await stage.worker<{ jobs: { job_id: number }[] }>('claim', {
      worker_id: 'worker-1',
      max_jobs: 4,
      lease_seconds: 300,
    });
    expect(claim.body.jobs).toEqual([
      {
        job_id: expect.any(Number),
        event_id: videoId,
        analysis_type: 'yolo_boxes',
        attempt_count: 1,
        lease_token: expect.any(String),
        leased_until: expect.any(String),
        video_url: expect.stringContaining('http://127.0.0.1'),
        params: {},
      },
    ]);
    const result = {
      worker_id: 'worker-1',
      job_id: claim.body.jobs[0]?.job_id,
      event_id: videoId,
      analysis_type: 'yolo_boxes',
      duration_ms: 1200,
      raw_response: { frames: [] },
      model: 'yolov8n',
      version: '1',
      hash: 'abc123',
      metadata: { crop: { x: 0.1, y: 0.2, w: 0.5, h: 0.6 } },
    };
    expect((await stage.worker('result', result)).status).toBe(200);
    expect((await stage.worker('result', result)).status).toBe(200);
    const stored = await stage.api.call('GET', `/api/vision/results?event_id=${videoId}`);
    expect(stored.body).toMatchObject({
      items: [
        { event_id: videoId, model: 'yolov8n', raw_response: { frames: [] }, metadata: result.metadata },
      ],
      nextCursor: null,
    });
    const failure = { worker_id: 'worker-1', job_id: result.job_id, error: 'model crashed' };
    expect(await stage.worker('fail', failure)).toMatchObject({
      status: 409,
      body: { error: { code: 'LEASE_LOST' } },
    });
  });

  it('refuses what a worker says after its lease, whether or not somebody else has the job', async () => {
    const { id } = await stage.job();
    const job = await stage.claimed();
    await stage.endLease(id);
    expect((await stage.report(job, { lease_token: undefined })).body.error.code).toBe('LEASE_LOST');
    const beat = { worker_id: 'w', job_id: id, lease_seconds: 60 };
    expect((await stage.worker('heartbeat', beat)).status).toBe(409);
    const again = await stage.claimed({ worker_id: 'other' });
    expect(again).toMatchObject({ job_id: id, attempt_count: 2 });
    expect((await stage.report(job)).status).toBe(409);
    expect((await stage.report(again, { worker_id: 'other' })).status).toBe(200);
    expect(await stage.view(id)).toMatchObject({ state: 'done', lockedBy: 'other', progress: 1 });
    expect((await stage.report(job)).status).toBe(409);
  });

  it('hands the checkpoint of a worker that died to the next, and buries the third death with its reason', async () => {
    const { id } = await stage.job();
    await stage.claimed();
    const checkpoint = { tracker: [1, 2], timestampMs: 4000 };
    const beat = { worker_id: 'w', job_id: id, lease_seconds: 60, progress: 0.4, checkpoint };
    expect((await stage.worker('heartbeat', beat)).status).toBe(200);
    await stage.endLease(id);
    expect(await stage.claimed()).toMatchObject({ checkpoint, attempt_count: 2 });
    expect(await stage.view(id)).toMatchObject({ progress: 0.4, state: 'leased' });
    await stage.endLease(id);
    await stage.claimed();
    await stage.endLease(id);
    expect(await stage.claim()).toEqual([]);
    const dead = await waitUntilDead(id);
    expect(dead.lastError).toContain('The lease of w ended');
    // It may hold what faces look like: nobody needs it any more.
    expect(await checkpointOf(id)).toBeNull();
    expect((await stage.api.call('POST', `/api/jobs/${id}/redrive`)).body).toMatchObject({ state: 'queued' });
    expect((await stage.api.call('POST', `/api/jobs/${id}/redrive`)).status).toBe(409);
    const again = await stage.claimed();
    expect(again).toMatchObject({ attempt_count: 1 });
    expect(again.checkpoint ?? null).toBeNull();
    expect(await stage.view(id)).toMatchObject({ progress: 0 });
    expect((await stage.worker('heartbeat', beat)).status).toBe(200);
    expect(await checkpointOf(id)).toEqual(checkpoint);
    expect((await stage.report(again)).status).toBe(200);
    expect(await checkpointOf(id)).toBeNull();
  });

  async function checkpointOf(id: number): Promise<unknown> {
    const [row] = await stage.read<{ checkpoint: unknown }>(
      `SELECT checkpoint FROM vision_jobs WHERE id = ${id}`,
    );
    return row?.checkpoint;
  }

  function waitUntilDead(id: number) {
    return eventually(
      'it to be dead',
      async () => {
        const view = await stage.view(id);
        return view.state === 'dead' && view;
      },
      15_000,
    );
  }

  it('takes what a long job found piece by piece, once each, and gives it out as one result', async () => {
    const { id, eventId } = await stage.job();
    const first = await stage.claimed();
    const part = (index: number, frames: number[], by: { lease_token?: string } = first, worker_id = 'w') =>
      stage.worker('part', {
        ...{ worker_id, job_id: id, lease_token: by.lease_token, index, raw_response: { frames } },
      });
    expect((await part(0, [1, 2])).status).toBe(200);
    expect((await part(0, [1, 2])).status).toBe(200);
    expect((await part(1, [3])).status).toBe(200);
    // It dies: part 1 came after its last checkpoint, and the next one finds it anew, larger.
    await stage.endLease(id);
    expect((await part(2, [9])).status).toBe(409);
    const second = await stage.claimed({ worker_id: 'other' });
    expect((await part(1, [9], first)).status).toBe(409);
    expect((await part(1, [3, 4], second, 'other')).status).toBe(200);
    const result = { worker_id: 'other', raw_response: { frames: [5], video: 'v' } };
    // One that never came is not made up for.
    expect(await stage.report(second, { ...result, parts: 3 })).toMatchObject({
      status: 422,
      body: { error: { code: 'RESULT_INVALID' } },
    });
    await stage.sql(`UPDATE vision_jobs SET due_at = now() WHERE id = ${id}`);
    const third = await stage.claimed();
    expect((await stage.report(third, { raw_response: result.raw_response, parts: 2 })).status).toBe(200);
    const { body } = await stage.api.call('GET', `/api/vision/results?event_id=${eventId}`);
    expect(body.items).toMatchObject([{ raw_response: { frames: [1, 2, 3, 4, 5], video: 'v' } }]);
    expect(JSON.stringify(body)).not.toContain('parts_left_out');
    expect(await partsOf(id)).toBe(0);
  });

  it('forgets what came before a result that says all by itself, and with every end of a job', async () => {
    const held = async (job: { id: number }) => {
      const { lease_token } = await stage.claimed();
      const said = { worker_id: 'w', job_id: job.id, lease_token };
      expect((await stage.worker('part', { ...said, index: 0, raw_response: { frames: [1] } })).status).toBe(
        200,
      );
      expect(await partsOf(job.id)).toBe(1);
      return said;
    };
    const eventId = 'says-all';
    const job = await stage.job({ eventId });
    const said = await held(job);
    const whole = { ...said, event_id: eventId, analysis_type: 'boxes', model: 'm', version: '1' };
    expect((await stage.worker('result', { ...whole, raw_response: { frames: [7] } })).status).toBe(200);
    const { body } = await stage.api.call('GET', `/api/vision/results?event_id=${eventId}`);
    expect(body.items).toMatchObject([{ raw_response: { frames: [7] } }]);
    expect(await partsOf(job.id)).toBe(0);
    await stage.job({ eventId, params: { fps: 2 } });
    await held(job);
    // Asked for anew in the middle of it.
    await stage.job({ eventId, params: { fps: 3 } });
    expect(await partsOf(job.id)).toBe(0);
    const failure = { ...(await held(job)), error: 'no', retry: false };
    expect((await stage.worker('fail', failure)).body).toMatchObject({ state: 'dead' });
    expect(await partsOf(job.id)).toBe(0);
    expect((await stage.worker('part', { ...failure, index: 0, raw_response: {} })).status).toBe(409);
  });

  it('takes no part that is too large, or that nobody could read', async () => {
    const { id } = await stage.job();
    await stage.claimed();
    const part = { worker_id: 'w', job_id: id, index: 0 };
    const large = { frames: ['x'.repeat(2 * 1024 * 1024)] };
    const status = async (change: object) => (await stage.worker('part', { ...part, ...change })).status;
    expect(await status({ raw_response: large })).toBe(413);
    // Rows are made of none of these: together they are no more than one result may be.
    const half = { frames: Array.from({ length: 20 }, () => 'x'.repeat(50_000)) };
    for (let index = 0; index < 16; index += 1) expect(await status({ index, raw_response: half })).toBe(200);
    expect(await status({ index: 16, raw_response: half })).toBe(413);
    for (const raw of [5, [1], { frames: 1 }, { frames: ['\0'] }])
      expect(await status({ raw_response: raw })).toBe(400);
    for (const index of [-1, 0.5, 1e6, undefined])
      expect(await status({ index, raw_response: {} })).toBe(400);
    for (const [analysisType, raw] of [
      ['objects', { tracks: [{ track_id: 'a' }] }],
      ['objects', { frames: [] }],
      ['classification', { variants: [] }],
    ] as const) {
      const job = await stage.job({ eventId: await stage.video(), analysisType });
      await stage.claimed({ analysis_types: [analysisType] });
      expect(await status({ job_id: job.id, raw_response: raw })).toBe(422);
    }
  });

  const partsOf = async (id: number) =>
    (await stage.read<object>(`SELECT 1 FROM vision_job_parts WHERE job_id = ${id}`)).length;

  it('tries again later what failed, three times; a worker that stops gives back and spends no attempt', async () => {
    const { id } = await stage.job();
    const failure = { worker_id: 'w', job_id: id, error: 'model crashed' };
    await stage.claimed();
    expect((await stage.worker('fail', { ...failure, release: true })).status).toBe(200);
    for (const attempt of [1, 2]) {
      expect(await stage.claimed()).toMatchObject({ attempt_count: attempt });
      const failed = await stage.worker<{ state: string; next_retry_at: string }>('fail', failure);
      expect(failed.body.state).toBe('queued');
      expect(Date.parse(failed.body.next_retry_at)).toBeGreaterThan(Date.now());
      expect(await stage.claim()).toEqual([]);
      await stage.endLease(id);
    }
    await stage.claimed();
    expect((await stage.worker('fail', failure)).body).toEqual({ state: 'dead', next_retry_at: null });
    expect(await stage.view(id)).toMatchObject({ lastError: 'model crashed', attemptCount: 3 });
    const { id: hopeless } = await stage.job();
    await stage.claimed();
    const last = await stage.worker('fail', { ...failure, job_id: hopeless, retry: false });
    expect(last.body).toEqual({ state: 'dead', next_retry_at: null });
    // A misspelt wish is not all of them.
    for (const body of [{ kind: 'boxes' }, { type: 5 }, { type: 'a\0' }, []])
      expect((await stage.api.call('POST', '/api/jobs/redrive', { body })).status).toBe(400);
    expect((await stage.api.call('POST', '/api/jobs/redrive')).body).toEqual({ redriven: 2 });
  });

  it('still says why an attempt failed when the next one succeeded', async () => {
    const { id } = await stage.job({ eventId: 'healed', params: { fps: 1 } });
    await stage.claimed();
    await stage.worker('fail', { worker_id: 'w', job_id: id, error: 'out of memory' });
    await stage.endLease(id);
    expect((await stage.report(await stage.claimed())).status).toBe(200);
    expect(await stage.view(id)).toMatchObject({
      ...{ state: 'done', attemptCount: 2, lastError: 'out of memory', nextRetryAt: null },
    });
    await stage.job({ eventId: 'healed', params: { fps: 2 } });
    expect(await stage.view(id)).toMatchObject({ state: 'queued', lastError: null });
  });

  it('changes nothing when asked for the same again; other parameters are a new run, whose result takes the place', async () => {
    const eventId = 'asked-again';
    const first = await stage.job({ eventId, params: { fps: 1, stride: 2 } });
    const old = await stage.claimed();
    expect((await stage.report(old)).status).toBe(200);
    expect(await stage.job({ eventId, params: { stride: 2, fps: 1 } })).toEqual({
      ...first,
      state: 'done',
      isNew: false,
    });
    expect(await stage.claim()).toEqual([]);
    expect(await stage.job({ eventId, params: { fps: 2 } })).toMatchObject({ id: first.id, isNew: true });
    expect((await stage.report(old)).status).toBe(409);
    const job = await stage.claimed();
    expect(job).toMatchObject({ job_id: first.id, attempt_count: 1, params: { fps: 2 } });
    await stage.report(job, { model: 'yolov9', raw_response: { frames: [1] } });
    const results = await stage.api.call('GET', `/api/vision/results?event_id=${eventId}`);
    expect(results.body.items).toMatchObject([{ model: 'yolov9', raw_response: { frames: [1] } }]);
    expect(await stage.view(first.id)).toMatchObject({ run: 2, state: 'done' });
  });

  it('takes a result that nobody can read for a failed attempt, and says what is wrong with it', async () => {
    const { id } = await stage.job({ eventId: await stage.video(), analysisType: 'frames' });
    const job = await stage.claimed({ analysis_types: ['frames'] });
    expect(await stage.report(job, { raw_response: { frames: 'many' } })).toMatchObject({
      status: 422,
      body: { error: { code: 'RESULT_INVALID', message: expect.stringContaining('raw_response.') } },
    });
    expect(await stage.view(id)).toMatchObject({
      state: 'queued',
      attemptCount: 1,
      lastError: expect.stringContaining('RESULT_INVALID'),
    });
    expect(await stage.read('SELECT 1 FROM vision_results WHERE job_id = $1', id)).toEqual([]);
  });

  it('stores nothing of a job whose video was deleted meanwhile', async () => {
    const videoId = await stage.video();
    await stage.job({ eventId: videoId, videoId });
    const job = await stage.claimed();
    await stage.sql('DELETE FROM videos WHERE id = $1', videoId);
    expect(await stage.report(job)).toMatchObject({
      status: 404,
      body: { error: { code: 'JOB_NOT_FOUND' } },
    });
    expect(await stage.read('SELECT 1 FROM vision_results WHERE event_id = $1', videoId)).toEqual([]);
    expect(
      await stage.enqueue([{ tenantId: 'default', eventId: videoId, videoId, analysisType: 'boxes' }]),
    ).toEqual([]);
  });

  it('shows with the video how far its jobs are, and where a worker may put its files', async () => {
    const videoId = await stage.video();
    const status = async () =>
      (
        await stage.read<{ status: string; progress: number }>(
          'SELECT status, progress FROM videos WHERE id = $1',
          videoId,
        )
      )[0];
    for (const analysisType of ['boxes', 'faces'])
      await stage.job({ eventId: videoId, videoId, analysisType });
    expect(await status()).toEqual({ status: 'queued', progress: 0 });
    const job = await stage.claimed();
    expect(await status()).toEqual({ status: 'processing', progress: 0 });
    const held = { worker_id: 'w', job_id: job.job_id, lease_token: job.lease_token };
    await stage.worker('heartbeat', { ...held, lease_seconds: 60, progress: 0.5 });
    expect(await status()).toEqual({ status: 'processing', progress: 0.25 });
    // A result of the video is being stored, for minutes perhaps: nobody's lease ends of that.
    await stage.whileHeld(`SELECT 1 FROM videos WHERE id = '${videoId}' FOR UPDATE`, async () => {
      const beat = { ...held, lease_seconds: 60, progress: 0.6 };
      expect((await stage.worker('heartbeat', beat)).status).toBe(200);
      const other = await stage.claimed({ analysis_types: ['faces'] });
      const release = { worker_id: 'w', job_id: other.job_id, error: 'it stops', release: true };
      expect((await stage.worker('fail', release)).status).toBe(200);
    });
    await stage.worker('heartbeat', { ...held, lease_seconds: 60, progress: 0.7 });
    expect(await status()).toEqual({ status: 'processing', progress: 0.35 });
    const files = [{ name: 'frames/1.jpg', content_type: 'image/jpeg', size_bytes: 10 }];
    const assets = await stage.worker<{ uploads: object[] }>('assets', { ...held, files });
    expect(assets.body.uploads).toEqual([
      {
        name: 'frames/1.jpg',
        key: `p/w/${videoId}/frames/1.jpg`,
        upload_url: expect.stringContaining('http'),
      },
    ]);
    // Nothing of a worker's comes where the upload is, or beside the video's folder.
    const upload = ['raw/a.mp4', 'RAW/a.mp4', 'raw', './raw/a.mp4', 'frames/../raw/a.mp4', 'raw%2Fa.mp4'];
    const encoded = ['%72aw/a.mp4', 'frames/%2e%2e/raw/a.mp4', 'raw\\a.mp4', 'raw/a.mp4\0', 'frames/a.jpg\n'];
    for (const name of [...upload, ...encoded, '../x.jpg', '..', '/x', 'a//b', ''])
      expect([
        name,
        (await stage.worker('assets', { ...held, files: [{ ...files[0], name }] })).status,
      ]).toEqual([name, 400]);
    const strangers = { ...held, worker_id: 'x', lease_token: undefined, files };
    expect((await stage.worker('assets', strangers)).status).toBe(409);
    await stage.report(job);
    expect(await status()).toEqual({ status: 'processing', progress: 0.5 });
    const faces = await stage.claimed({ analysis_types: ['faces'] });
    await stage.worker('fail', { worker_id: 'w', job_id: faces.job_id, error: 'no', retry: false });
    expect(await status()).toEqual({ status: 'error', progress: 0.5 });
    await stage.api.call('POST', `/api/jobs/redrive`, { body: { type: 'faces' } });
    expect(await status()).toEqual({ status: 'processing', progress: 0.5 });
  });
});
