import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClaimedJob } from '@camfleet/protocol';
import { createLogger, createTracer } from '@camfleet/telemetry';
import { FakeJobs } from '@camfleet/testing';
import { BUILT_IN_MODELS, chooseModels } from '@camfleet/vision';
import { ApiClient } from '../fleet/api-client';
import { JobApi } from './job-api';
import { DEFAULT_JOB_LIMITS } from './job-process';
import { JobSlot } from './job-slot';

const folder = mkdtempSync(join(tmpdir(), 'camfleet-slot-'));
const entry = join(folder, 'child.cjs');

afterAll(() => rmSync(folder, { recursive: true }));

/** Dies with a part of job 1 on its way; job 2 asks nothing, lasts a second and says what it was answered. */
const CHILD = `
const answers = [];
const finish = () => process.send({
  type: 'finished',
  outcome: { state: 'done', result: { rawResponse: { answers }, model: 'm', version: '1', metadata: {} } },
});
process.on('message', ({ type, job }) => {
  if (type === 'part') answers.push(type);
  if (type !== 'run') return;
  if (job.jobId === 2) setTimeout(finish, 1000);
  else process.send({ type: 'part', requestId: 1, index: 0, part: {} }, () => process.exit(1));
});
process.once('disconnect', () => process.exit());
process.send({ type: 'ready' });
`;

const job = (id: number): ClaimedJob => ({
  job_id: id,
  event_id: `event-${id}`,
  analysis_type: 'frames',
  attempt_count: 1,
  lease_token: `token-${id}`,
  leased_until: new Date().toISOString(),
  video_url: '/video',
  params: {},
});

it('answers what a dead child had asked to nobody: the next one would take it for its own part', async () => {
  writeFileSync(entry, CHILD);
  await using fake = await FakeJobs.start();
  const api = new ApiClient({ apiUrls: [fake.url], apiKey: 'key' });
  const slot = new JobSlot({
    api: new JobApi(api, 'worker-1'),
    entry,
    settings: { modelsDirectory: folder, models: chooseModels(BUILT_IN_MODELS, {}), classifiers: [] },
    limits: DEFAULT_JOB_LIMITS,
    logger: createLogger({ service: 'test' }),
    tracer: await createTracer({ service: 'test' }),
    prepare: () => Promise.resolve(),
  });
  fake.fault = (path) => (path.endsWith('/part') && fake.failures.length === 0 ? 503 : undefined);
  try {
    await slot.run(job(1));
    expect(fake.failures).toMatchObject([{ job_id: 1, retry: true }]);
    await slot.run(job(2));
    expect(fake.results).toMatchObject([{ job_id: 2, raw_response: { answers: [] } }]);
    expect(fake.parts.size).toBe(0);
  } finally {
    slot.close();
    await api.close();
  }
});
