import { type HttpPeer, until } from '@camfleet/testing';
import { codeOf, isJpeg } from './api-client';
import { makeBadFiles } from './bad-sources/bad-files';
import { startBadServer } from './bad-sources/bad-server';
import { FeedReader } from './feed/feed-reader';
import { System } from './system';

let system: System;
let server: HttpPeer;
let watched: { id: string; feed: FeedReader };

/** `http:` and a path: on the bad server; `file:`: in the media folder. */
const urlOf = (source: string) => source.replace(/^http:/, server.url);

beforeAll(async () => {
  system = await System.start();
  await makeBadFiles(system.mediaDirectory);
  server = await startBadServer(system.mediaDirectory);
  const { id } = await system.api.createCamera('Good', { url: 'file:good.mp4', loop: true });
  await system.api.start(id);
  watched = { id, feed: await FeedReader.open(system.api, id) };
  await watched.feed.next('the good camera streams', (part) => !part.isSlate);
}, 90_000);

afterAll(async () => {
  watched?.feed[Symbol.dispose]();
  await server?.[Symbol.asyncDispose]();
  await system?.[Symbol.asyncDispose]();
}, 60_000);

/** What the user points at, what the test of the source says, and what a start leads to. */
const BAD = [
  ['a web page', 'http:/page', 'SOURCE_UNSUPPORTED', 'failed'],
  ['a web page saved as a video', 'file:page.mp4', 'SOURCE_UNSUPPORTED', 'failed'],
  ['sound without video', 'http:/sound', 'SOURCE_UNSUPPORTED', 'failed'],
  ['a file with sound alone', 'file:sound.mp4', 'SOURCE_UNSUPPORTED', 'failed'],
  ['an answer of zero bytes', 'http:/empty', 'SOURCE_UNSUPPORTED', 'failed'],
  ['a file of zero bytes', 'file:empty.mp4', 'SOURCE_UNSUPPORTED', 'failed'],
  ['a file of noise', 'file:noise.mp4', 'SOURCE_UNSUPPORTED', 'failed'],
  ['a recording that was cut off', 'file:cut.mp4', 'SOURCE_UNSUPPORTED', 'failed'],
  ['endless garbage', 'http:/garbage', 'SOURCE_UNSUPPORTED', 'failed'],
  ['endless garbage in place of parts', 'http:/garbage-parts', 'SOURCE_UNSUPPORTED', 'failed'],
  ['a picture of 16,000 by 16,000', 'http:/huge.jpg', 'SOURCE_UNSUPPORTED', 'failed'],
  ['a server that never answers', 'http:/silence', 'SOURCE_TIMEOUT', 'reconnecting'],
  ['a server that stops after its headers', 'http:/half-silence', 'SOURCE_TIMEOUT', 'reconnecting'],
  ['a server that wants a password', 'http:/password', 'SOURCE_UNAUTHORIZED', 'failed'],
  ['an address with nothing there', 'http:/nothing', 'SOURCE_NOT_FOUND', 'failed'],
  ['a file outside of the media folder', 'file:../secrets.json', 'SOURCE_', 'failed'],
] as const;

it('says of every bad source, in time and with a stable code, what is wrong', async () => {
  const answers = await Promise.all(
    BAD.map(async ([what, source]) => {
      const startedMs = performance.now();
      const answer = await system.api.call('POST', '/api/cameras/probe', { source: { url: urlOf(source) } });
      const inTime = performance.now() - startedMs < 15_000;
      return { what, status: answer.status, code: codeOf(answer) ?? 'none', inTime };
    }),
  );
  expect(answers).toEqual(
    BAD.map(([what, , code]) => ({
      what,
      status: 422,
      code: expect.stringMatching(new RegExp(`^${code}`)),
      inTime: true,
    })),
  );
}, 60_000);

it('leads a start of each to the state that says so, and harms no other camera', async () => {
  const { api } = system;
  const cameras = await Promise.all(
    BAD.map(async ([what, source, code, state]) => {
      const { id } = await api.createCamera(what, { url: urlOf(source) });
      await api.start(id);
      return { id, what, code, state };
    }),
  );
  for (const { id, what, code, state } of cameras) {
    const { reason } = await api.untilState(id, state, 40_000);
    expect([what, reason]).toEqual([what, expect.stringMatching(new RegExp(`^${code}`))]);
  }
  // All of them run beside the good one, which nobody would forgive to stutter or to restart.
  await watched.feed.next('the good camera streams on', (part) => !part.isSlate);
  expect(await api.status(watched.id)).toMatchObject({ state: 'streaming', restarts: 0 });
  expect(watched.feed.parts.some(({ isSlate }, index) => isSlate && index > 10)).toBe(false);
  await Promise.all(cameras.map(({ id }) => api.call('DELETE', `/api/cameras/${id}`)));
}, 120_000);

it('plays HEVC like anything else', async () => {
  const { api } = system;
  const source = { url: 'file:hevc.mp4', loop: true };
  const probed = await api.call('POST', '/api/cameras/probe', { source });
  expect(probed).toMatchObject({ status: 200, body: { codec: 'hevc', width: 320, height: 180 } });
  const { id } = await api.createCamera('HEVC', source);
  await api.start(id);
  using feed = await FeedReader.open(api, id);
  const { jpeg } = await feed.next('a picture comes', (part) => !part.isSlate);
  expect(isJpeg(jpeg)).toBe(true);
  await api.call('DELETE', `/api/cameras/${id}`);
}, 30_000);

it('follows a camera that changes its resolution, without a restart', async () => {
  const { api } = system;
  const { id } = await api.createCamera('Sizes', { url: 'file:sizes.ts', loop: true });
  await api.start(id);
  using feed = await FeedReader.open(api, id);
  const widths = new Set<number>();
  await until(
    'pictures of both sizes have come',
    () => {
      for (const { jpeg } of feed.live) widths.add(widthOf(jpeg));
      return widths.size === 2;
    },
    20_000,
  );
  expect([...widths].sort()).toEqual([320, 640]);
  expect((await api.status(id)).state).toBe('streaming');
  await api.call('DELETE', `/api/cameras/${id}`);
}, 40_000);

it.each([
  ['after so many frames', { loop: true, maxFrames: 20 }, 'MAX_FRAMES'],
  ['at the end of its file', {}, 'SOURCE_ENDED'],
])(
  'stops by itself %s, and says so',
  async (name, options, reason) => {
    const { api } = system;
    const { id } = await api.createCamera(name, { url: 'file:good.mp4', ...options });
    await api.start(id);
    const status = await until('it has stopped by itself', async () => {
      const now = await api.status(id);
      return now.desired === 'stopped' && now;
    });
    expect(status).toMatchObject({ state: 'stopped', reason });
  },
  30_000,
);

/** Of a JPEG: by its start-of-frame marker. */
function widthOf(jpeg: Buffer): number {
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2) return jpeg.readUInt16BE(at + 7);
  }
  return 0;
}
