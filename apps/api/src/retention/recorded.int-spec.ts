import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AssetsAnswer, ClaimedJob } from '@camfleet/protocol';
import { Client } from 'pg';
import { eventually, WORKER_KEY } from '../../testing/api-harness';
import { JobsStage } from '../../testing/jobs-stage';

const BOX = [0.1, 0.1, 0.2, 0.2];
const TRACK = { track_id: 1, score: 0.9, start_ms: 0, end_ms: 1_000, boxes: [] };
/** What a worker finds, with one file. */
const FOUND = {
  frames: {
    name: 'frames/000000.jpg',
    raw: (key: string) => ({
      video: { duration_ms: 1_000, fps: 30, codec: 'h264', width: 640, height: 360 },
      frames: [{ index: 0, timestamp_ms: 0, width: 640, height: 360, key }],
      thumbnails: {},
    }),
  },
  objects: {
    name: 'snapshots/CTX1001_CAM7_000001_000500.jpg',
    raw: (key: string) => ({
      tracks: [
        { ...TRACK, label: 'car', snapshot: { key, offset_ms: 500, box: BOX, score: 0.9, sharpness: 1 } },
      ],
    }),
  },
  faces: {
    name: 'faces/000001.jpg',
    raw: (key: string) => ({
      tracks: [
        {
          ...TRACK,
          ...{ quality: { score: 0.8 }, best_ms: 500, key },
          embedding: { model: 'm', version: '1', vector: Array.from({ length: 128 }, () => 0.1) },
        },
      ],
    }),
  },
};
type Analysis = keyof typeof FOUND;

describe('what was found in recordings, and for how long it is kept', () => {
  let stage: JobsStage;
  let database: Client;
  let videoId: string;
  beforeAll(async () => {
    stage = await JobsStage.start();
    database = new Client({ connectionString: stage.api.databaseUrl });
    await database.connect();
  }, 60_000);
  afterAll(async () => {
    await database?.end();
    await stage?.stop();
  });
  beforeEach(async () => {
    const workspaceId = '00000000-0000-4000-8000-000000000001';
    videoId = await stage.video();
    await stage.sql(
      `UPDATE videos SET workspace_id = $2, raw_key = $3 WHERE id = $1`,
      ...[videoId, workspaceId, `demo_user/${workspaceId}/${videoId}/raw/a.mp4`],
    );
    const rules = { uploads: null, frames: 30, snapshots: 30, events: null };
    await stage.api.call('PATCH', '/api/retention', { body: rules });
  });

  const run = async () =>
    (await stage.api.call('POST', '/api/retention/run', { body: { dryRun: false } })).body;
  const isThere = (key: string) => existsSync(join(stage.api.dataDirectory, 'assets', key));
  const codes = { workspace_code: 'CTX1001', camera_code: 'CAM7' };
  const asked = (analysisType: Analysis, params = {}) =>
    stage.job({ eventId: videoId, videoId, analysisType, params: { ...codes, ...params } });
  const claimed = (analysisType: Analysis) => stage.claimed({ analysis_types: [analysisType] });

  /** As a worker puts its file; answers the key. */
  async function put(job: ClaimedJob): Promise<string> {
    const files = [{ name: FOUND[analysisOf(job)].name, content_type: 'image/jpeg', size_bytes: 4 }];
    const body = { worker_id: 'w', job_id: job.job_id, files };
    const [upload] = (await stage.worker<AssetsAnswer>('assets', body)).body.uploads;
    const url = new URL(upload?.upload_url ?? '');
    const answer = await fetch(new URL(url.pathname + url.search, stage.api.url), {
      method: 'PUT',
      headers: { 'Content-Type': 'image/jpeg', Authorization: `Bearer ${WORKER_KEY}` },
      body: 'jpeg',
    });
    expect(answer.ok).toBe(true);
    return upload?.key ?? '';
  }
  const analysisOf = ({ analysis_type: type }: ClaimedJob): Analysis =>
    type === 'frames' || type === 'faces' ? type : 'objects';
  const report = async (job: ClaimedJob, key: string) =>
    expect(await stage.report(job, { raw_response: FOUND[analysisOf(job)].raw(key) })).toMatchObject({
      status: 200,
    });
  /** As if all of it had been done so long ago. */
  async function age(days: number): Promise<void> {
    const old = `now() - ${days} * interval '1 day'`;
    await stage.sql(`UPDATE vision_jobs SET finished_at = ${old} WHERE state IN ('done', 'dead')`);
    await stage.sql(`UPDATE videos SET created_at = ${old}`);
    await stage.sql(`UPDATE snapshots SET created_at = ${old}`);
    await stage.sql(`UPDATE events SET received_at = ${old}`);
  }

  it.each<Analysis>(['frames', 'objects', 'faces'])(
    'of %s stays while a worker is at the video, which may just have written it anew, and goes in its time',
    async (analysis) => {
      await asked(analysis);
      const first = await claimed(analysis);
      const key = await put(first);
      await report(first, key);
      await age(40);
      await asked(analysis, { frame_stride: 2 });
      const again = await claimed(analysis);
      expect(await put(again)).toBe(key);
      await run();
      expect(await stage.read('SELECT key FROM doomed_files WHERE key = $1', key)).toEqual([]);
      await report(again, key);
      // It was looked through today.
      await run();
      expect(isThere(key)).toBe(true);

      await age(40);
      await database.query('BEGIN');
      await database.query('SELECT 1 FROM videos WHERE id = $1 FOR UPDATE', [videoId]);
      // Somebody is just asking for it again.
      await run();
      await database.query('COMMIT');
      expect(isThere(key)).toBe(true);
      await run();
      await eventually('the file to go', () => !isThere(key));
      expect(await run()).toMatchObject({ frames: 0, snapshots: 0 });
      expect(await stage.claim({ analysis_types: ['classification'] })).toEqual([]);
    },
    30_000,
  );

  it('goes from all other videos while somebody holds one, however much of it is old', async () => {
    const held = videoId;
    const other = await stage.video();
    for (const [id, frames] of [
      [held, 600],
      [other, 1],
    ] as const)
      await stage.sql(
        `INSERT INTO video_frames SELECT $1, n, n, 640, 360, $1 || n FROM generate_series(1, $2::int) n`,
        ...[id, frames],
      );
    await age(40);
    await database.query('BEGIN');
    await database.query('SELECT 1 FROM videos WHERE id = $1 FOR UPDATE', [held]);
    expect(await run()).toMatchObject({ frames: 1 });
    await database.query('COMMIT');
    expect(await run()).toMatchObject({ frames: 600 });
  });

  it('goes with its video, of which one that cannot be deleted keeps no other', async () => {
    const kept = await stage.video();
    await stage.sql(
      `INSERT INTO video_tracks SELECT $1, 'objects', n, 'default', 'car', 1, 0, 1, '[]', $1 || n
       FROM generate_series(1, 2500) n`,
      videoId,
    );
    await stage.sql(`CREATE TABLE holds (video_id text REFERENCES videos)`);
    await stage.sql(`INSERT INTO holds VALUES ($1)`, kept);
    await age(40);
    await stage.sql(`UPDATE videos SET created_at = created_at - interval '1 day' WHERE id = $1`, kept);
    await stage.api.call('PATCH', '/api/retention', { body: { uploads: 30 } });
    await run();
    expect(await stage.read('SELECT id FROM videos')).toEqual([{ id: kept }]);
    expect(await stage.read('SELECT 1 FROM video_tracks')).toEqual([]);
    await stage.sql('DROP TABLE holds');
  });
});
