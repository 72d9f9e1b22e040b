import { decodeImage } from '@camfleet/media';
import {
  EventPage,
  FaceSearchAnswer,
  FramePage,
  JobPage,
  SnapshotPage,
  TrackPage,
  Video,
} from '@camfleet/protocol';
import { dataFolder, makeClip, until } from '@camfleet/testing';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isJpeg } from './api-client';
import { facePhotos, faceRecording } from './clips/face-clip';
import { uploadVideo } from './clips/upload';
import { Fleet } from './fleet';

/** Jobs yield to everything else on the machine. */
const DONE_TIMEOUT_MS = 150_000;
const RECORDED_AT = '2026-05-04T10:00:00.000Z';
const EVERY_THIRD = {
  analyses: ['frames', 'faces', 'objects'],
  sampling: 'stride',
  frameStride: 3,
  workspaceCode: 'CTX1001',
  cameraCode: 'CAM1',
  recordedAt: RECORDED_AT,
};

const folder = dataFolder();
let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start(['worker-1', 'worker-2']);
}, 120_000);
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const get = async (path: string): Promise<unknown> => {
  const { status, body } = await fleet.api.call('GET', path);
  expect([path, status]).toEqual([path, 200]);
  return body;
};
/** Without their addresses, which are signed anew each time. */
async function framesOf(id: string) {
  const { items } = FramePage.parse(await get(`/api/videos/${id}/frames?limit=500`));
  return items.map(({ index, timestampMs, width, height }) => ({ index, timestampMs, width, height }));
}
const snapshotsOf = async (id: string) => SnapshotPage.parse(await get(`/api/videos/${id}/snapshots`)).items;
const tracksOf = async (id: string) => TrackPage.parse(await get(`/api/videos/${id}/tracks`)).items;
const jobsOf = async (id: string) => JobPage.parse(await get(`/api/jobs?eventId=${id}`)).items;
const facesOf = async (id: string) =>
  EventPage.parse(await get('/api/events?after=0&type=face&limit=500')).items.filter(
    ({ videoId }) => videoId === id,
  );

async function upload(path: string): Promise<string> {
  return uploadVideo(fleet.api, { name: basename(path), bytes: readFileSync(path) });
}

async function process(id: string, request: object): Promise<void> {
  const { status, body } = await fleet.api.call('POST', `/api/videos/${id}/process`, request);
  expect([status, body]).toEqual([202, expect.anything()]);
}

const done = (id: string) =>
  until(
    'the video is done',
    async () => {
      const video = Video.parse(await get(`/api/videos/${id}`));
      if (video.error) throw new Error(JSON.stringify(video));
      return video.status === 'done' && video;
    },
    DONE_TIMEOUT_MS,
  );

/** Everything that is kept of a video, by its name in the video's folder. */
function filesOf(id: string): Map<string, string> {
  const all = readdirSync(fleet.assetsDirectory, { recursive: true, withFileTypes: true });
  const paths = all.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const own = paths.filter((path) => path.includes(`/${id}/`));
  return new Map(own.map((path) => [path.slice(path.indexOf(id) + id.length + 1), path]));
}

const digests = (files: Map<string, string>) =>
  [...files]
    .map(([name, path]) => [name, createHash('sha256').update(readFileSync(path)).digest('hex')])
    .sort();

it('finds what a recording shows, once however often it is asked, and forgets it with the recording', async () => {
  const { api } = fleet;
  const id = await upload(await faceRecording());
  await process(id, EVERY_THIRD);
  const video = await done(id);
  expect(video).toMatchObject({ durationMs: 8_000, fps: 15, codec: 'h264', width: 640, height: 360 });
  expect(isJpeg((await api.bytes(video.thumbnailUrl ?? '')).body)).toBe(true);

  const frames = await framesOf(id);
  const times = Array.from({ length: 40 }, (_, index) => index * 200);
  expect(frames.map(({ timestampMs }) => timestampMs)).toEqual(times);
  const tracks = await tracksOf(id);
  expect(tracks.map(({ analysis, label, trackId }) => [analysis, label, trackId])).toEqual([
    ['faces', 'face', 1],
    ['objects', 'person', 1],
  ]);
  // The face is at the right after 2 seconds, and at the left after 6.
  for (const { boxes = [] } of tracks) {
    const leftAt = (wantedMs: number) =>
      boxes.find(({ timestampMs }) => timestampMs >= wantedMs)?.box[0] ?? Number.NaN;
    expect(leftAt(2_000)).toBeGreaterThan(leftAt(6_000) + 0.2);
  }
  const [snapshot, ...others] = await snapshotsOf(id);
  expect(others).toEqual([]);
  const offset = String(snapshot?.offsetMs).padStart(6, '0');
  expect(snapshot?.key).toMatch(new RegExp(`/${id}/snapshots/CTX1001_CAM1_000001_${offset}\\.jpg$`));
  const { body: picture } = await api.bytes(snapshot?.url ?? '');
  const { width, height } = await decodeImage(picture, { maxSide: 4_096 });
  expect([isJpeg(picture), width, height]).toEqual([true, 640, 640]);

  const [came, ...rest] = await facesOf(id);
  expect(rest).toMatchObject([{ state: 'end', occurredAt: '2026-05-04T10:00:07.800Z' }]);
  expect(came).toMatchObject({ state: 'new', videoId: id, occurredAt: RECORDED_AT });
  const found = async () => {
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(readFileSync((await facePhotos()).alone))]), 'photo.jpg');
    const headers = { Authorization: `Bearer ${api.key}` };
    const answer = await fetch(`${api.url}/api/faces/search`, { method: 'POST', body: form, headers });
    return FaceSearchAnswer.parse(await answer.json()).items.map(({ eventId }) => eventId);
  };
  await until(
    'a photo of the person finds them',
    async () => (await found()).includes(came?.id),
    DONE_TIMEOUT_MS,
  );

  const before = [await facesOf(id), await jobsOf(id), await framesOf(id)];
  await process(id, EVERY_THIRD);
  expect([await facesOf(id), await jobsOf(id), await framesOf(id)]).toEqual(before);

  await process(id, { ...EVERY_THIRD, analyses: ['frames', 'objects'], frameStride: 15, cameraCode: 'CAM2' });
  await done(id);
  expect((await framesOf(id)).map(({ timestampMs }) => timestampMs)).toEqual(
    Array.from({ length: 8 }, (_, index) => index * 1_000),
  );
  expect((await jobsOf(id)).map(({ analysisType, run }) => [analysisType, run]).sort()).toEqual([
    ['faces', 1],
    ['frames', 2],
    ['objects', 2],
  ]);
  const keys = (await snapshotsOf(id)).map(({ key }) => key.slice(key.indexOf('snapshots/')));
  expect(keys).toEqual(keys.map(() => expect.stringMatching(/^snapshots\/CTX1001_CAM2_/)));
  // What took an older one's place, or was stored on the way, is no file any more.
  const kept = ['faces/000001.jpg', 'raw/face-recording.mp4', ...keys];
  for (let index = 0; index < 8; index += 1) kept.push(`frames/0000000${index}.jpg`);
  await until('no other file is left', () => filesOf(id).size <= kept.length, DONE_TIMEOUT_MS);
  expect([...filesOf(id).keys()].sort()).toEqual(kept.sort());

  expect((await api.call('DELETE', `/api/videos/${id}`)).status).toBe(204);
  expect((await api.call('GET', `/api/videos/${id}`)).status).toBe(404);
  await until('no file is left', () => filesOf(id).size === 0, DONE_TIMEOUT_MS);
  await until('nor a face', async () => !(await found()).includes(came?.id));
}, 360_000);

it('goes on at another worker where one was killed, and finds what it would have found', async () => {
  const clip = join(folder, 'many frames.mp4');
  await makeClip({ path: clip, size: '160x90', fps: 25, seconds: 60, output: ['-g', '25'] });
  const request = { analyses: ['frames'], sampling: 'stride', frameStride: 1 };
  const id = await upload(clip);
  await process(id, request);
  const running = await until(
    'a fifth is done',
    async () => {
      const [job] = await jobsOf(id);
      if (job?.state === 'done') throw new Error('It was done before it could be disturbed.');
      return job && job.progress > 0.2 && job;
    },
    DONE_TIMEOUT_MS,
  );
  const worker = fleet.workers.get(running.lockedBy ?? '');
  if (!worker) throw new Error(`Nobody had it: ${JSON.stringify(running)}`);
  worker.children();
  worker.signal('SIGKILL');
  await worker.ending();
  const stored = [...filesOf(id)].map(([name, path]) => ({ name, path, atMs: statSync(path).mtimeMs }));

  // Meanwhile: the same without a fault.
  const undisturbed = await upload(clip);
  await process(undisturbed, request);
  await done(undisturbed);
  await done(id);
  const [job] = await jobsOf(id);
  // What went wrong on the way stays to be read.
  expect(job).toMatchObject({ attemptCount: 2, lastError: expect.stringContaining(running.lockedBy ?? '') });
  expect(job?.lockedBy).not.toBe(running.lockedBy);

  const again = stored.filter(({ path, atMs }) => statSync(path).mtimeMs > atMs).map(({ name }) => name);
  expect(stored.length).toBeGreaterThan(300);
  expect(again.length).toBeLessThanOrEqual(5 * 25); // 5 s of video
  expect(await framesOf(id)).toEqual(await framesOf(undisturbed));
  expect(digests(filesOf(id))).toEqual(digests(filesOf(undisturbed)));
}, 360_000);
