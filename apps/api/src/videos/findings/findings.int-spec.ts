import { randomUUID } from 'node:crypto';
import type { ClaimedJob } from '@camfleet/protocol';
import { eventually } from '../../../testing/api-harness';
import { JobsStage } from '../../../testing/jobs-stage';
import { CALIBRATION } from '../../../testing/people-stage';
import { TestWorker } from '../../../testing/test-worker';

interface EventBody {
  id: string;
  sequence: number;
  type: string;
  state: string;
  trackId: string;
  videoId: string;
  occurredAt: string;
  personName?: string;
  snapshotUrl?: string;
  data: Record<string, unknown>;
}
interface ListOf<Item> {
  items: Item[];
  nextCursor: string | null;
}
interface ResultBody {
  raw_response: { tracks: object[] };
}
interface TrackBody {
  trackId: number;
  analysis: string;
  label: string;
  eventTrackId: string;
  boxes?: { timestampMs: number }[];
}

/** What never changes of events: whom they show is found out later. */
const facts = (events: readonly EventBody[]) => events.map(({ id, sequence }) => ({ id, sequence }));

const RECORDED_AT = '2026-05-04T10:00:00.000Z';
const BOXES = [
  { timestamp_ms: 1_000, box: [0.1, 0.1, 0.2, 0.2] },
  { timestamp_ms: 4_000, box: [0.5, 0.1, 0.2, 0.2] },
];

describe('what is found in recordings', () => {
  let stage: JobsStage;
  beforeAll(async () => {
    stage = await JobsStage.start();
    const worker = new TestWorker(stage.api, 'embeds');
    worker.models = [{ name: 'm', version: '1', calibration: CALIBRATION }];
    await worker.register();
  }, 60_000);
  afterAll(() => stage?.stop());
  afterEach(() => stage.clear());

  /** A worker's claim of one analysis of a video. */
  async function claimed(videoId: string, analysisType: string, params = {}): Promise<ClaimedJob> {
    await stage.job({
      eventId: videoId,
      videoId,
      analysisType,
      params: { recorded_at: RECORDED_AT, ...params },
    });
    return stage.claimed({ analysis_types: [analysisType] });
  }

  async function listed<Item>(path: string): Promise<Item[]> {
    const { status, body } = await stage.api.call<ListOf<Item>>('GET', path);
    expect([path, status]).toEqual([path, 200]);
    return body.items;
  }

  const eventsOf = async (videoId: string) =>
    (await listed<EventBody>('/api/events?after=0&limit=500')).filter(
      (event) => event.videoId === videoId && event.trackId !== undefined,
    );

  const doomed = async () =>
    (await stage.read<{ key: string }>('SELECT key FROM doomed_files ORDER BY key')).map(({ key }) => key);

  /** Vectors of one person point the same way. */
  function face(folder: string, { trackId = 1, direction = 0, quality = 0.8 } = {}) {
    const vector = Array.from({ length: 128 }, (_, index) => (index % 8 === direction ? 0.25 : 0));
    return {
      track_id: trackId,
      score: 0.99,
      start_ms: 1_000,
      end_ms: 4_000,
      boxes: BOXES,
      quality: { score: quality, sharpness: 0.5, yaw: 0.1 },
      best_ms: 2_000,
      key: `${folder}faces/${String(trackId).padStart(6, '0')}.jpg`,
      embedding: { model: 'm', version: '1', vector },
    };
  }

  function car(folder: string, { trackId = 1, offsetMs = 2_500, label = 'car' } = {}) {
    const name = `CTX1001_CAM7_${String(trackId).padStart(6, '0')}_${String(offsetMs).padStart(6, '0')}.jpg`;
    const key = `${folder}snapshots/${name}`;
    const snapshot = { key, offset_ms: offsetMs, box: [0.2, 0.1, 0.3, 0.2], score: 0.9, sharpness: 0.5 };
    return { track_id: trackId, label, score: 0.8, start_ms: 1_000, end_ms: 4_000, boxes: BOXES, snapshot };
  }

  it('says of a video, and in its log, that its file ends in the middle, so that what was found is not all', async () => {
    const videoId = await stage.video();
    for (const [run, truncated] of [false, true].entries()) {
      const job = await claimed(videoId, 'objects', { run });
      expect((await stage.report(job, { raw_response: { truncated, tracks: [] } })).status).toBe(200);
      const log = await listed<{ event: string; data: object }>(`/api/videos/${videoId}/logs`);
      const data = expect.objectContaining({
        analysisType: 'objects',
        begunAt: expect.any(String),
      }) as object;
      expect(log).toContainEqual(expect.objectContaining({ event: 'job.done', data }));
      const told = log.filter(({ event }) => event === 'video.truncated');
      const line = { level: 'warn', event: 'video.truncated', data: { analysisType: 'objects' } };
      expect(told).toEqual(truncated ? [expect.objectContaining(line)] : []);
      expect((await stage.api.call('GET', `/api/videos/${videoId}`)).body).toMatchObject({ truncated });
    }
  });

  it('tells who was seen as events at the recording’s own time, which the recogniser finds', async () => {
    const videoId = await stage.video();
    const job = await claimed(videoId, 'faces');
    const raw = { truncated: false, tracks: [face(`p/w/${videoId}/`)] };
    expect((await stage.report(job, { raw_response: raw })).status).toBe(200);
    const [begun, ended, ...others] = await eventsOf(videoId);
    expect(others).toEqual([]);
    expect(begun).toMatchObject({
      type: 'face',
      state: 'new',
      occurredAt: '2026-05-04T10:00:01.000Z',
      snapshotUrl: expect.stringMatching(/snapshot\.jpg$/),
      data: { timeSource: 'recorded', track: 1, bestMs: 2_000 },
    });
    expect(ended).toMatchObject({
      state: 'end',
      occurredAt: '2026-05-04T10:00:04.000Z',
      trackId: begun?.trackId,
    });
    expect(await listed<TrackBody>(`/api/videos/${videoId}/tracks`)).toMatchObject([
      { trackId: 1, analysis: 'faces', eventTrackId: begun?.trackId, snapshotUrl: begun?.snapshotUrl },
    ]);
    const { body } = await stage.api.call<{ id: string }>('POST', '/api/people', { body: { name: 'Ann' } });
    const enrolled = await stage.api.call('POST', `/api/people/${body.id}/faces?force=true`, {
      body: { eventId: begun?.id },
    });
    expect(enrolled.status).toBe(201);
    const sourced = (source: string) =>
      listed<EventBody>(`/api/events?videoId=${videoId}&type=face&source=${source}`);
    expect([(await sourced('camera')).length, (await sourced('recording')).length]).toEqual([0, 2]);
    await eventually('the recording bears her name', async () =>
      (await listed<EventBody>(`/api/events?personId=${body.id}`)).some((event) => event.videoId === videoId),
    );
  });

  it('gives a player the tracks that it shows, with the boxes that it draws them from', async () => {
    const videoId = await stage.video();
    const folder = `p/w/${videoId}/`;
    const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const boxes = seconds.map((second) => ({
      timestamp_ms: second * 1_000,
      box: [second / 20, 0, 0.1, 0.1],
    }));
    const long = { ...car(folder), snapshot: undefined, start_ms: 1_000, end_ms: 9_000, boxes };
    const short = { ...car(folder, { trackId: 2 }), snapshot: undefined, start_ms: 1_000, end_ms: 4_000 };
    const job = await claimed(videoId, 'objects');
    expect((await stage.report(job, { raw_response: { tracks: [long, short] } })).status).toBe(200);
    const shown = async (query: string) =>
      (await listed<TrackBody>(`/api/videos/${videoId}/tracks?${query}`)).map(({ trackId, boxes: seen }) => [
        trackId,
        seen?.map(({ timestampMs }) => timestampMs / 1_000),
      ]);
    expect(await shown('fromMs=4500&toMs=5500')).toEqual([[1, [4, 5, 6]]]);
    expect(await shown('fromMs=8500')).toEqual([[1, [8, 9]]]);
    expect(await shown('toMs=500')).toEqual([]);
    expect(await shown('toMs=1500')).toEqual([
      [1, [1, 2]],
      [2, [1, 4]],
    ]);
    expect(await shown('fromMs=4500&boxes=false')).toEqual([[1, undefined]]);
  });

  async function tell(job: ClaimedJob, index: number, raw: object) {
    const held = { worker_id: 'w', job_id: job.job_id, lease_token: job.lease_token };
    const answer = await stage.worker('part', { ...held, index, raw_response: raw });
    expect(answer).toMatchObject({ status: 200 });
  }

  it('makes the same of a long video that is told in parts as of one result, another time too', async () => {
    const videoId = await stage.video();
    const folder = `p/w/${videoId}/`;
    const all = [1, 2, 3].map((trackId) => face(folder, { trackId, direction: trackId }));
    await stage.report(await claimed(videoId, 'faces'), { raw_response: { tracks: all } });
    const before = await eventsOf(videoId);
    const [results] = await listed<ResultBody>(`/api/vision/results?event_id=${videoId}`);
    expect(before).toHaveLength(6);
    const job = await claimed(videoId, 'faces', { frame_stride: 2 });
    await tell(job, 0, { tracks: all.slice(0, 1) });
    await tell(job, 1, { tracks: all.slice(1, 2) });
    await stage.report(job, { raw_response: { tracks: all.slice(2) }, parts: 2 });
    expect(facts(await eventsOf(videoId))).toEqual(facts(before));
    const [again] = await listed<object>(`/api/vision/results?event_id=${videoId}`);
    expect(again).toMatchObject({ raw_response: { tracks: results?.raw_response.tracks } });
    expect(JSON.stringify(again)).not.toContain('embedding');
    expect(await stage.read('SELECT 1 FROM vision_job_parts')).toEqual([]);
    const other = await claimed(videoId, 'faces', { frame_stride: 4 });
    await tell(other, 0, { tracks: [face(folder, { trackId: 2, direction: 2 })] });
    await stage.report(other, { raw_response: { tracks: [] }, parts: 1 });
    const left = (await eventsOf(videoId)).map(({ data, state }) => [data.track, state]);
    expect(left).toEqual([
      [2, 'new'],
      [2, 'end'],
    ]);
    expect(await doomed()).toEqual(expect.arrayContaining([all[0]?.key, all[2]?.key]));
    expect(await doomed()).not.toContain(all[1]?.key);
  });

  it('takes a track that comes twice for a result that nobody can read, and stores nothing of it', async () => {
    const videoId = await stage.video();
    const job = await claimed(videoId, 'faces');
    const tracks = [face(`p/w/${videoId}/`)];
    await tell(job, 0, { tracks });
    expect(await stage.report(job, { raw_response: { tracks }, parts: 1 })).toMatchObject({
      status: 422,
      body: { error: { code: 'RESULT_INVALID' } },
    });
    expect(await eventsOf(videoId)).toEqual([]);
  });

  it('hands on the snapshots of parts, and lets go of what each of them says is not needed', async () => {
    const videoId = await stage.video();
    const workspaceId = randomUUID();
    const folder = `demo_user/${workspaceId}/${videoId}/`;
    await stage.sql(
      'UPDATE videos SET workspace_id = $2, raw_key = $3 WHERE id = $1',
      ...[videoId, workspaceId, `${folder}raw/a.mp4`],
    );
    const wasted = [1, 2].map((n) => `${folder}snapshots/CTX1001_CAM7_00000${n}_001200.jpg`);
    const codes = { workspace_code: 'CTX1001', camera_code: 'CAM7' };
    const [one, two] = [car(folder), car(folder, { trackId: 2 })];
    const told = async (params: object, tracks: object[]) => {
      const job = await claimed(videoId, 'objects', { ...codes, ...params });
      await tell(job, 0, { superseded_keys: [wasted[0]] });
      await tell(job, 1, { tracks: tracks.slice(0, 1) });
      const raw = { tracks: tracks.slice(1), superseded_keys: [wasted[1]] };
      expect(await stage.report(job, { raw_response: raw, parts: 2 })).toMatchObject({ status: 200 });
    };
    const kept = async () =>
      (await listed<{ key: string }>(`/api/videos/${videoId}/snapshots`)).map(({ key }) => key);
    const analysed = async () =>
      (await listed<{ key: string }>(`/api/videos/${videoId}/analyses`)).map(({ key }) => key);
    await told({}, [two, one]);
    expect([await kept(), await analysed()]).toEqual(Array(2).fill([one.snapshot.key, two.snapshot.key]));
    expect(await doomed()).toEqual(expect.arrayContaining(wasted));
    const better = car(folder, { trackId: 2, offsetMs: 3_000 });
    await told({ frame_stride: 1 }, [better]);
    expect([await kept(), await analysed()]).toEqual(Array(2).fill([better.snapshot.key]));
    expect(await doomed()).toEqual(expect.arrayContaining([one.snapshot.key, two.snapshot.key]));
    expect(await doomed()).not.toContain(better.snapshot.key);
  });

  it('keeps vectors of faces with their events alone: what a worker answered is given out without', async () => {
    const videoId = await stage.video();
    const job = await claimed(videoId, 'faces');
    await stage.report(job, { raw_response: { tracks: [face(`p/w/${videoId}/`, { direction: 3 })] } });
    const results = await listed<object>(`/api/vision/results?event_id=${videoId}`);
    expect(results).toHaveLength(1);
    expect(JSON.stringify(results)).toContain('best_ms');
    expect(JSON.stringify(results)).not.toContain('embedding');
  });

  it('changes nothing when another run sees the same, and takes the old one’s place when it does not', async () => {
    const videoId = await stage.video();
    const folder = `p/w/${videoId}/`;
    const first = [face(folder, { direction: 1 }), face(folder, { trackId: 2, direction: 5 })];
    await stage.report(await claimed(videoId, 'faces'), { raw_response: { tracks: first } });
    const before = await eventsOf(videoId);
    const again = await claimed(videoId, 'faces', { frame_stride: 2 });
    // Recognition goes on meanwhile, and so do users' words: there is nothing to hold them up for.
    await stage.whileHeld(`SELECT 1 FROM recognition WHERE task = 'events' FOR UPDATE`, async () => {
      const stored = await stage.report(again, { raw_response: { tracks: first } });
      expect(stored.status).toBe(200);
    });
    expect(facts(await eventsOf(videoId))).toEqual(facts(before));
    const other = [
      first[0],
      face(folder, { trackId: 2, direction: 6 }),
      face(folder, { trackId: 3, direction: 7 }),
    ];
    await stage.report(await claimed(videoId, 'faces', { frame_stride: 1 }), {
      raw_response: { tracks: other },
    });
    const after = await eventsOf(videoId);
    expect(after.filter(({ state }) => state === 'new').map(({ data }) => data.track)).toEqual([1, 2, 3]);
    expect(facts(after.slice(0, 2))).toEqual(facts(before.slice(0, 2)));
    expect(after.map(({ trackId }) => trackId)).not.toContain(before.at(-1)?.trackId);
    const visits = await stage.read<{ track_id: string }>(
      `SELECT track_id FROM face_visits WHERE track_id = $1`,
      before.at(-1)?.trackId,
    );
    expect(visits).toEqual([]);
  });

  it('keeps what users said of faces when they are found again, at other times or by other pictures', async () => {
    const videoId = await stage.video();
    const folder = `p/w/${videoId}/`;
    const at = (offsetMs: number, x: number) =>
      [1_000, 4_000].map((ms) => ({ timestamp_ms: ms + offsetMs, box: [x, 0.1, 0.2, 0.2] }));
    const [ann, bob, cat] = [0.1, 0.4, 0.7].map((x, index) => ({
      ...face(folder, { trackId: index + 1, direction: index + 4 }),
      boxes: at(0, x),
      quality: { score: 0.8, heightPx: 120, sharpness: 0.9 },
    }));
    if (!ann || !bob || !cat) throw new Error('There are three.');
    const told = async (tracks: object[], params: object) => {
      const job = await claimed(videoId, 'faces', params);
      expect(await stage.report(job, { raw_response: { tracks } })).toMatchObject({ status: 200 });
      return (await eventsOf(videoId)).filter(({ state }) => state === 'new');
    };
    const say = async (event: EventBody | undefined, body: object) => {
      const said = await stage.api.call<{ notPersonIds: string[]; personId: string | null; face?: object }>(
        'POST',
        `/api/events/${event?.id}/person`,
        { body },
      );
      expect(said.status).toBe(200);
      return said.body;
    };
    const person = async (name: string) =>
      (await stage.api.call<{ id: string }>('POST', '/api/people', { body: { name } })).body.id;
    const [tom, una] = [await person('Tom'), await person('Una')];
    const of = async (id: string) =>
      (await stage.api.call<{ faces: number; visits: number }>('GET', `/api/people/${id}`)).body;

    const first = await told([ann, bob, cat], {});
    expect((await say(first[0], { personId: tom })).face).toEqual({ faceId: expect.any(String) });
    await say(first[1], { not: [una] });
    const moved = await told([ann, bob, cat], { recorded_at: '2026-06-01T08:00:00.000Z' });
    expect(moved.map(({ occurredAt }) => occurredAt)).toEqual(Array(3).fill('2026-06-01T08:00:01.000Z'));
    expect(moved.map(({ personName }) => personName)).toEqual(['Tom', undefined, undefined]);
    expect(await of(tom)).toMatchObject({ faces: 1, visits: 1, lastSeenAt: '2026-06-01T08:00:04.000Z' });
    expect(await say(moved[1], { personId: null })).toMatchObject({ notPersonIds: [una] });

    // Other pictures: other numbers, times, boxes, looks; one face in two parts, one that was not seen before.
    const part = { ...ann, track_id: 2, start_ms: 1_250, end_ms: 2_250, boxes: at(250, 0.11).slice(0, 1) };
    const sampled = [
      { ...cat, track_id: 1, boxes: at(0, 0.1), start_ms: 90_000, end_ms: 99_000 },
      { ...part, embedding: undefined },
      { ...ann, track_id: 3, start_ms: 3_000, boxes: at(100, 0.12) },
      { ...bob, track_id: 4, start_ms: 1_500, boxes: at(500, 0.41) },
    ];
    // More passers-by than are compared at a time.
    const crowd = Array.from({ length: 120 }, (_, index) => ({
      ...cat,
      ...{ track_id: 10 + index, boxes: at(100 + index, 0.7), embedding: undefined },
    }));
    const again = (await told([...crowd, ...sampled], { sample_fps: 2 })).filter(
      ({ data }) => Number(data.track) < 10,
    );
    const shown = again.map(({ data, personName }) => [data.track, personName]);
    expect(shown).toEqual([
      [1, undefined],
      [2, 'Tom'],
      [3, 'Tom'],
      [4, undefined],
    ]);
    const said = await stage.read<{ track_id: string }>(
      `SELECT track_id FROM face_visits WHERE track_id LIKE $1 AND decided_by = 'user' ORDER BY track_id`,
      `${videoId}:faces:%`,
    );
    expect(said.map(({ track_id: id }) => id)).toEqual(again.slice(1).map(({ trackId }) => trackId));
    expect(await say(again[3], { not: [una] })).toMatchObject({ notPersonIds: [una], personId: null });
    // Taking it back of the face that it was kept from takes that back.
    for (const event of again.slice(1, 3)) await stage.api.call('DELETE', `/api/events/${event.id}/person`);
    expect(await of(tom)).toMatchObject({ faces: 0, visits: 0 });
  });

  it('lists snapshots, hands them on, and lets go of files that nothing refers to any more', async () => {
    const videoId = await stage.video();
    const workspaceId = randomUUID();
    const folder = `demo_user/${workspaceId}/${videoId}/`;
    const codes = { workspace_code: 'CTX1001', camera_code: 'CAM7' };
    const wasted = `${folder}snapshots/CTX1001_CAM7_000001_001200.jpg`;
    const tracks = [car(folder), car(folder, { trackId: 2, label: 'dog' })];
    await stage.sql(
      'UPDATE videos SET workspace_id = $2, raw_key = $3 WHERE id = $1',
      ...[videoId, workspaceId, `${folder}raw/a.mp4`],
    );
    const raw = { tracks, superseded_keys: [wasted] };
    const answer = await stage.report(await claimed(videoId, 'objects', codes), { raw_response: raw });
    expect(answer).toMatchObject({ status: 200 });
    const snapshots = await listed<{ key: string; url: string }>(`/api/videos/${videoId}/snapshots`);
    expect(snapshots).toMatchObject([
      { key: tracks[0]?.snapshot.key, trackId: 1, offsetMs: 2_500, label: 'car', url: expect.any(String) },
      { key: tracks[1]?.snapshot.key, trackId: 2, label: 'dog' },
    ]);
    expect(await listed(`/api/videos/${videoId}/analyses`)).toMatchObject([
      { key: tracks[0]?.snapshot.key, trackId: 1, yoloType: 'Car', status: 'queued', results: [] },
    ]);
    expect(await doomed()).toContain(wasted);
    const objects = (await eventsOf(videoId)).filter(({ type }) => type === 'object');
    expect(objects.map(({ state }) => state)).toEqual(['new', 'end', 'new', 'end']);
    const again = [car(folder, { offsetMs: 3_000 })];
    const job = await claimed(videoId, 'objects', { ...codes, frame_stride: 1 });
    await stage.report(job, { raw_response: { tracks: again } });
    const kept = await listed<{ key: string }>(`/api/videos/${videoId}/snapshots`);
    expect(kept.map(({ key }) => key)).toEqual([again[0]?.snapshot.key]);
    expect(await doomed()).toEqual(expect.arrayContaining(tracks.map(({ snapshot }) => snapshot.key)));
  });

  it('lists frames page by page and shows the best of them on the video', async () => {
    const videoId = await stage.video();
    const key = (name: string) => `p/w/${videoId}/frames/${name}.jpg`;
    const frames = [0, 1, 2].map((index) => ({
      ...{ index, timestamp_ms: index * 1_000, width: 640, height: 360, key: key(String(index)) },
    }));
    const video = { duration_ms: 3_000, fps: 30, codec: 'h264', width: 640, height: 360 };
    const raw = { video, frames, thumbnails: { first: key('0'), best: key('2') } };
    await stage.report(await claimed(videoId, 'frames'), { raw_response: raw });
    const path = `/api/videos/${videoId}/frames`;
    const page = await stage.api.call<ListOf<{ index: number }>>('GET', `${path}?limit=2`);
    expect(page.body.items.map(({ index }) => index)).toEqual([0, 1]);
    const rest = await listed<{ index: number }>(`${path}?limit=2&cursor=${page.body.nextCursor ?? ''}`);
    expect(rest).toMatchObject([{ index: 2, timestampMs: 2_000, url: expect.any(String) }]);
    const [row] = await stage.read<{ key: string }>(
      'SELECT thumbnail_key AS key FROM videos WHERE id = $1',
      videoId,
    );
    expect(row?.key).toBe(key('2'));
  });

  it('refuses results that name files of another video, or a recording itself', async () => {
    const [videoId, other] = [await stage.video(), await stage.video()];
    for (const key of [
      `p/w/${other}/faces/1.jpg`,
      `p/w/${videoId}/raw/a.mp4`,
      `p/w/${videoId}/faces/../raw/a.mp4`,
    ]) {
      const job = await claimed(videoId, 'faces', { key });
      const tracks = [{ ...face(`p/w/${videoId}/`), key }];
      expect(await stage.report(job, { raw_response: { tracks } })).toMatchObject({
        status: 422,
        body: { error: { code: 'RESULT_INVALID' } },
      });
    }
    expect(await eventsOf(videoId)).toEqual([]);
    expect((await stage.api.call('GET', '/api/videos/nobody-knows/tracks')).status).toBe(404);
  });
});
