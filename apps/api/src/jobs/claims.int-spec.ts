import type { ClaimAnswer } from '@camfleet/protocol';
import { type ApiHarness, eventually, WORKER_KEY } from '../../testing/api-harness';
import { JobsStage } from '../../testing/jobs-stage';
import { TestWorker } from '../../testing/test-worker';

describe('who gets which jobs', () => {
  let stage: JobsStage;
  beforeAll(async () => {
    stage = await JobsStage.start();
  }, 60_000);
  afterAll(() => stage?.stop());
  afterEach(() => stage.clear());

  const jobsOf = (
    tenantId: string,
    { count, analysisType = 'boxes' }: { count: number; analysisType?: string },
  ) =>
    Array.from({ length: count }, (_, index) => ({
      tenantId,
      eventId: `${tenantId}-${index}`,
      analysisType,
    }));

  const waits = async (api: ApiHarness) =>
    /camfleet_claims_waiting\{.*\} 1/.test(await (await fetch(`${api.url}/metrics`)).text());

  it('is one worker a job, however many ask at once and wherever; leases that end in between count as an attempt', async () => {
    const other = await stage.replica();
    const tenants = await Promise.all(['a', 'b', 'c'].map((id) => stage.tenant(id)));
    for (const tenant of tenants) await stage.enqueue(jobsOf(tenant, { count: 60 }));
    const seen: string[] = [];
    const claimer = async (index: number) => {
      const api = index % 2 ? other : stage.api;
      for (;;) {
        const jobs = await stage.claim({ worker_id: `w${index}`, max_jobs: 1 + (index % 3) }, { api });
        if (jobs.length === 0) return;
        seen.push(...jobs.map(({ job_id, attempt_count }) => `${job_id}/${attempt_count}`));
        const [job] = jobs;
        if (job && job.job_id % 5 === 0 && job.attempt_count === 1) await stage.endLease(job.job_id);
      }
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => claimer(index)));
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(seen.map((job) => job.split('/')[0])).size).toBe(180);
  }, 30_000);

  it('is each tenant in its turn: who has much waiting keeps nobody waiting', async () => {
    await stage.enqueue(jobsOf(await stage.tenant('much'), { count: 500 }));
    await stage.enqueue(jobsOf(await stage.tenant('some'), { count: 3 }));
    const claimed = [];
    for (let turn = 0; turn < 4; turn += 1) claimed.push(...(await stage.claim()));
    expect(claimed.map(({ event_id }) => event_id)).toEqual(['much-0', 'some-0', 'much-1', 'some-1']);
    expect((await stage.claim({ max_jobs: 100 })).map(({ event_id }) => event_id)).toContain('some-2');
    expect(await stage.claim({ max_jobs: 100 })).toHaveLength(100);
  });

  it('is whoever comes next when its worker died or gave it back in the middle, however much waits', async () => {
    await stage.enqueue(jobsOf('default', { count: 3 }));
    const [left] = await stage.claim();
    const [given] = await stage.claim({ worker_id: 'stopping' });
    if (!left || !given) throw new Error('There was nothing to claim.');
    const { job_id, lease_token } = given;
    const held = { worker_id: 'stopping', job_id, lease_token };
    await stage.api.call('POST', '/api/vision/heartbeat', {
      key: WORKER_KEY,
      body: { ...held, lease_seconds: 60, checkpoint: { at: 7 } },
    });
    await stage.sql(`UPDATE vision_jobs SET due_at = now() - interval '1 hour' WHERE state = 'queued'`);
    await stage.endLease(left.job_id);
    const said = { ...held, error: 'WORKER_STOPPED', release: true };
    await stage.api.call('POST', '/api/vision/fail', { key: WORKER_KEY, body: said });
    const again = [...(await stage.claim()), ...(await stage.claim())];
    expect(again.map((job) => job.job_id).sort()).toEqual([left.job_id, job_id].sort());
    expect(await stage.claim({ max_jobs: 5 })).toMatchObject([{ event_id: 'default-2' }]);
  });

  it('is found behind any number of others’ that wait for what nobody here does', async () => {
    await stage.sql(`INSERT INTO tenants (id, name) SELECT 'idle-' || n, n FROM generate_series(1, 250) n`);
    await stage.sql(
      `INSERT INTO vision_jobs (tenant_id, event_id, analysis_type)
       SELECT 'idle-' || n, 'idle-' || n, 'classification' FROM generate_series(1, 250) n`,
    );
    await stage.enqueue(jobsOf(await stage.tenant('last'), { count: 2 }));
    expect((await stage.claim({ max_jobs: 5 })).map(({ event_id }) => event_id)).toEqual([
      'last-0',
      'last-1',
    ]);
    const any = await stage.claim({ max_jobs: 100, analysis_types: undefined });
    expect(new Set(any.map(({ event_id }) => event_id)).size).toBe(100);
  });

  it('is nobody who cannot do it: a worker gets what it said it can do, of its tenant, unless it drains', async () => {
    await stage.enqueue(jobsOf('default', { count: 1 }));
    await stage.enqueue(jobsOf('default', { count: 1, analysisType: 'plates' }));
    await stage.enqueue(jobsOf(await stage.tenant('theirs'), { count: 1 }));
    const worker = new TestWorker(stage.api, 'registered');
    worker.analyses = ['boxes'];
    await worker.online();
    const claim = { worker_id: 'registered', analysis_types: undefined, max_jobs: 10 };
    expect((await stage.claim(claim)).map(({ event_id }) => event_id)).toEqual(['default-0']);
    expect(await stage.claim({ ...claim, analysis_types: ['plates'] })).toEqual([]);
    await stage.api.call('POST', '/api/workers/registered/drain');
    await stage.job();
    expect(await stage.claim(claim)).toEqual([]);
    expect(await stage.claim({ ...claim, worker_id: 'anyone' })).toHaveLength(3);
    await worker.die();
  });

  it('leaves test jobs to others than the workers that registered, for a while', async () => {
    await stage.job({ reservedMs: 60_000 });
    const worker = new TestWorker(stage.api, 'built-in');
    worker.analyses = ['boxes'];
    await worker.online();
    expect(await stage.claim({ worker_id: 'built-in' })).toEqual([]);
    await stage.sql('UPDATE vision_jobs SET reserved_until = now()');
    expect(await stage.claim({ worker_id: 'built-in' })).toHaveLength(1);
    await worker.die();
  });

  it('is whoever waits, as soon as there is a job, at any replica; and nobody who has gone', async () => {
    const other = await stage.replica();
    const gone = new AbortController();
    const left = fetch(`${stage.api.url}/api/vision/claim?wait=60`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${WORKER_KEY}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ worker_id: 'gone', lease_seconds: 60 }),
      signal: gone.signal,
    });
    await eventually('the claim to wait', () => waits(stage.api));
    gone.abort();
    await expect(left).rejects.toThrow('aborted');
    const waiting = stage.claim({}, { query: '?wait=60', api: other });
    const { id } = await stage.job();
    expect(await waiting).toMatchObject([{ job_id: id, attempt_count: 1 }]);
    const late = stage.claim({}, { query: '?wait=60', api: other });
    await stage.endLease(id);
    expect(await late).toMatchObject([{ job_id: id, attempt_count: 2 }]);
    expect(await stage.claim({}, { query: '?wait=0.05' })).toEqual([]);
  }, 20_000);

  it('shows in the figures without a series for each name that somebody thinks of', async () => {
    const types = ['frames', 'thought-of-1', 'thought-of-2'];
    for (const analysisType of types) await stage.job({ analysisType });
    expect(await stage.claim({ max_jobs: 3, analysis_types: types })).toHaveLength(3);
    const figures = await (await fetch(`${stage.api.url}/metrics`)).text();
    expect(figures).toMatch(/^camfleet_jobs_claimed_total\{type="frames".*\} 1$/m);
    expect(figures).toMatch(/^camfleet_jobs_claimed_total\{type="other"/m);
    expect(figures).not.toContain('thought-of');
  });

  it('needs no key in the networks that are trusted, and no other address is believed', async () => {
    const trusting = await stage.replica({
      visionTrustedCidrs: ['127.0.0.0/8'],
      trustedProxies: ['127.0.0.1'],
    });
    await stage.job();
    const body = { worker_id: 'seed', max_jobs: 1, lease_seconds: 60 };
    const claim = (options: { headers?: Record<string, string>; api?: typeof trusting } = {}) =>
      (options.api ?? trusting).call<ClaimAnswer>('POST', '/api/vision/claim', {
        key: null,
        body,
        ...options,
      });
    expect((await claim({ api: stage.api })).status).toBe(401);
    expect((await claim({ headers: { 'X-Forwarded-For': '203.0.113.9' } })).status).toBe(401);
    expect((await claim()).body.jobs).toHaveLength(1);
    const elsewhere = { 'X-Tenant-Id': 'made-up', 'X-Forwarded-For': '127.0.0.9' };
    expect((await claim({ headers: elsewhere })).status).toBe(200);
    const ofThatDay = await trusting.call('POST', '/api/vision/enqueue_test', {
      ...{ key: null, headers: elsewhere, body: { date: '2026-11-21', limit: 3 } },
    });
    expect(ofThatDay.body).toEqual({ enqueued: 0 });
    expect(await stage.read(`SELECT id FROM tenants WHERE id = 'made-up'`)).toEqual([]);
    expect((await trusting.call('GET', '/api/jobs', { key: null })).status).toBe(401);
    expect((await trusting.call('GET', '/video/none', { key: null })).status).toBe(404);
    expect((await stage.api.call('GET', '/video/none', { key: null })).status).toBe(401);
  });

  it('is told to somebody when nobody does a job, or one does not get on', async () => {
    await stage.job({ eventId: 'optional', analysisType: 'classification' });
    await stage.job({ eventId: 'alone', analysisType: 'unheard-of' });
    await stage.job({ eventId: 'slow' });
    await stage.claimed();
    // More than are told in one go, and longer stuck: they hide nobody else's.
    const many = await stage.tenant('many');
    await stage.enqueue(jobsOf(many, { count: 150, analysisType: 'other' }));
    await stage.sql(
      `UPDATE vision_jobs SET expired_count = 2, created_at = now() - interval '1 day' WHERE tenant_id = 'many'`,
    );
    await stage.sql(`UPDATE vision_jobs SET due_at = due_at - interval '10 min' WHERE state = 'queued'`);
    await stage.sql(
      `UPDATE vision_jobs SET progressed_at = now() - interval '1 hour' WHERE state = 'leased'`,
    );
    const other = await stage.replica();
    const events = await eventually(
      'both to be told',
      async () => {
        const { body } = await stage.api.call<{ items: { data: object }[] }>(
          'GET',
          '/api/events?type=job.stuck',
        );
        return body.items.length >= 2 && body.items;
      },
      15_000,
    );
    expect(events.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ eventId: 'alone', reason: 'NO_WORKER', analysisType: 'unheard-of' }),
        expect.objectContaining({ eventId: 'slow', reason: 'NO_PROGRESS', lockedBy: 'w' }),
      ]),
    );
    expect(events.map(({ data }) => data)).not.toContainEqual(
      expect.objectContaining({ eventId: 'optional' }),
    );
    const { items } = (await stage.api.call<{ items: object[] }>('GET', '/api/jobs/counts')).body;
    expect(items).toContainEqual(expect.objectContaining({ analysisType: 'classification', stuck: 0 }));
    expect(items).toContainEqual(expect.objectContaining({ analysisType: 'unheard-of', stuck: 1 }));
    const stuckOf = (tenantId: string) =>
      stage.read<{ sequence: bigint }>(
        `SELECT sequence FROM events WHERE type = 'job.stuck' AND tenant_id = $1 ORDER BY sequence`,
        tenantId,
      );
    // Each once, and that nobody does them.
    await eventually('all to be told', async () => (await stuckOf(many)).length === 151);
    const first = (await stuckOf('default'))[0]?.sequence ?? 0n;
    expect((await stuckOf(many)).filter(({ sequence }) => sequence < first).length).toBeLessThan(100);
    await eventually('it to be counted', async () => {
      const metrics = await (await fetch(`${other.url}/metrics`)).text();
      return /camfleet_jobs\{type="other",state="waiting",.*\} 1/.test(metrics);
    });
  }, 30_000);
});
