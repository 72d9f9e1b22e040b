import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import { startEmbeddedPostgres } from '@camfleet/database';
import { type Program, dataFolder, freePort, isAlive, until } from '@camfleet/testing';
import { chmodSync, chownSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { codeOf } from './api-client';
import { faceClip, visitsClip } from './clips/face-clip';
import { FeedReader } from './feed/feed-reader';
import { System, launch } from './system';

const NOBODY = 65_534;
const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
const isRoot = process.getuid?.() === 0;

let folder: string;
let simulator: CameraSimulator;
let system: System | undefined;

beforeAll(async () => {
  const { h264 } = await faceClip();
  simulator = await startCameraSimulator({ cameras: [{ path: '/cam1', clip: h264 }] });
  folder = dataFolder();
}, 60_000);
afterEach(async () => {
  await system?.[Symbol.asyncDispose]();
  system = undefined;
}, 60_000);
afterAll(async () => {
  await simulator?.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async () => (system = await System.start({ dataDirectory: folder }));
const faces = async ({ api }: System) => api.events({ type: 'face' });

/** The camera of these tests; made and started by the first one. */
async function door(running: System): Promise<string> {
  const { items } = (await running.api.call('GET', '/api/cameras')).body as { items: { id: string }[] };
  if (items[0]) return items[0].id;
  const { id } = await running.api.createCamera('Door', { url: simulator.url('/cam1') });
  await running.api.start(id);
  return id;
}

async function openVisit(running: System, cameraId: string) {
  await running.api.untilState(cameraId, 'streaming');
  return until('somebody is in sight', async () => {
    const events = await faces(running);
    const ended = new Set(events.filter(({ state }) => state === 'end').map(({ trackId }) => trackId));
    return events.find(({ state, trackId }) => state === 'new' && !ended.has(trackId));
  });
}

it('stops everything in order at SIGTERM, and goes on where it was at the next start', async () => {
  const first = await start();
  const cameraId = await door(first);
  const visit = await openVisit(first, cameraId);
  const [worker] = await first.api.workers();
  const children = first.program.children();
  // The database, and a decoder for each core: a list of nothing would prove nothing.
  expect(children.length).toBeGreaterThan(3);
  expect(await first.program.stop()).toBe(0);
  expect(first.program.leftovers()).toEqual([]);

  const second = await start();
  expect((await second.api.workers()).map(({ id }) => id)).toEqual([worker?.id]);
  expect((await second.api.status(cameraId)).desired).toBe('running');
  const events = await faces(second);
  expect(events.map(({ id }) => id)).toEqual(expect.arrayContaining([visit.id, `${visit.trackId}:end`]));
  const next = await openVisit(second, cameraId);
  expect(next.trackId).not.toBe(visit.trackId);
}, 90_000);

it('says so, and harms nothing, when it is started a second time', async () => {
  const first = await start();
  const port = await freePort();
  await using second: Program = launch({ dataDirectory: folder, port });
  expect(await second.ending()).toBe(0);
  expect(second.output).toContain(`running already on this data folder: ${first.api.url}`);
  expect((await first.api.call('GET', '/readyz')).status).toBe(200);
}, 60_000);

it('brings a camera back within seconds when its decoder is killed', async () => {
  const running = await start();
  const cameraId = await door(running);
  await running.api.untilState(cameraId, 'streaming');
  const { restarts } = await running.api.status(cameraId);
  using feed = await FeedReader.open(running.api, cameraId);
  await feed.next('pictures come', (part) => !part.isSlate);
  const killedMs = performance.now();
  for (const pid of running.program.children(/process\/child\.js/)) process.kill(pid, 'SIGKILL');
  await until('the incident is counted and over', async () => {
    const status = await running.api.status(cameraId);
    return status.state === 'streaming' && status.restarts > restarts;
  });
  const back = await feed.next('pictures come again', (part) => !part.isSlate);
  expect(back.arrivedMs - killedMs).toBeLessThan(10_000);
  expect(feed.hasEnded).toBe(false);
}, 60_000);

it('starts again after a kill -9, ends what was left and closes the visits that stood open', async () => {
  const first = await start();
  const cameraId = await door(first);
  const visit = await openVisit(first, cameraId);
  const before = (await first.api.events()).map(({ id }) => id);
  const decoders = first.program.children(/process\/child\.js/);
  const database = first.program.children(/bin\/postgres/);
  first.program.signal('SIGKILL');
  await first.program.exited;
  await until('the decoders have noticed', () => !decoders.some(isAlive));

  const second = await start();
  expect(database.some(isAlive)).toBe(false);
  const end = await until('the visit that stood open is closed', async () =>
    (await faces(second)).find(({ id }) => id === `${visit.trackId}:end`),
  );
  expect(end.state).toBe('end');
  const after = (await second.api.events()).map(({ id }) => id);
  expect(after).toEqual(expect.arrayContaining(before));
  expect(new Set(after).size).toBe(after.length);
  await second.api.untilState(cameraId, 'streaming');
}, 90_000);

it('shows video on without its database, and loses and doubles no event', async () => {
  const databaseFolder = dataFolder();
  const startDatabase = (port?: number) =>
    startEmbeddedPostgres({ dataDirectory: databaseFolder, durable: false, port });
  let database = await startDatabase();
  const port = Number(new URL(database.url).port);
  await using visitors = await startCameraSimulator({
    cameras: [{ path: '/cam1', clip: await visitsClip() }],
  });
  try {
    const running = (system = await System.start({ env: { DATABASE_URL: database.url } }));
    const { id } = await running.api.createCamera('Hall', { url: visitors.url('/cam1') });
    await running.api.start(id);
    using feed = await FeedReader.open(running.api, id);
    const visits = async () => {
      const events = await running.api.events({ cameraId: id, type: 'face' });
      return {
        begun: events.filter(({ state }) => state === 'new'),
        ended: events.filter(({ state }) => state === 'end'),
      };
    };
    await until('the first visitor is seen', async () => (await visits()).begun.length === 1, 20_000);

    await database.stop();
    const answer = await running.api.call('GET', '/api/cameras');
    expect([answer.status, codeOf(answer)]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect((await running.api.call('GET', '/readyz')).status).toBe(503);
    // A lease is over by then, one visitor has gone, and the next one has come.
    const sinceMs = performance.now();
    const outageMs = 10_000;
    await until('the outage has lasted', () => performance.now() - sinceMs > outageMs, 15_000);
    const during = feed.parts.filter(({ arrivedMs }) => arrivedMs > sinceMs);
    expect(during.some(({ isSlate }) => isSlate)).toBe(false);
    expect(during.length).toBeGreaterThan((outageMs / 1000) * 8);

    database = await startDatabase(port);
    const { begun, ended } = await until(
      'what happened meanwhile has arrived',
      async () => {
        if ((await running.api.call('GET', '/readyz')).status !== 200) return undefined;
        const now = await visits();
        return now.begun.length >= 3 && now.ended.length >= 2 && now;
      },
      30_000,
    );
    expect(new Set(begun.map(({ trackId }) => trackId)).size).toBe(begun.length);
    expect(new Set(ended.map(({ trackId }) => trackId)).size).toBe(ended.length);
    // One visitor every 9 seconds: a longer gap would be a visitor who is missing.
    const times = begun.map(({ occurredAt }) => Date.parse(occurredAt)).sort((a, b) => a - b);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(13_000);
    expect((await running.api.status(id)).restarts).toBe(0);
    await system[Symbol.asyncDispose]();
  } finally {
    await database.stop();
    rmSync(databaseFolder, { recursive: true, force: true });
  }
}, 90_000);

describe('a start that cannot work', () => {
  it('names a port that is taken, in one sentence', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, () => {
        const address = other.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    await using program = launch({ dataDirectory: folder, port });
    expect(await program.ending()).toBe(1);
    expect(program.errors.trim().split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^Port ${port} is taken`)),
    ]);
    other.close();
  }, 60_000);

  it('names a data folder that it may not write, in one sentence', async () => {
    const locked = dataFolder();
    if (!isRoot) chmodSync(locked, 0o555);
    await using program = launch({
      dataDirectory: locked,
      port: await freePort(),
      prefix: isRoot ? asNobody : [],
    });
    expect(await program.ending()).toBe(1);
    expect(program.errors.trim().split('\n')).toEqual([
      expect.stringMatching(`^The folder ${locked} cannot be written`),
    ]);
    rmSync(locked, { recursive: true });
  }, 60_000);
});

(isRoot ? it : it.skip)(
  'runs as an ordinary user, too',
  async () => {
    const own = dataFolder();
    chownSync(own, NOBODY, NOBODY);
    await using program = launch({ dataDirectory: own, port: await freePort(), prefix: asNobody });
    await program.saying(/Camfleet is running/);
    program.children();
    expect(await program.stop()).toBe(0);
    expect(program.leftovers()).toEqual([]);
    rmSync(own, { recursive: true });
  },
  60_000,
);
