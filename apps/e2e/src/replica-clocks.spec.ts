import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import { startEmbeddedPostgres } from '@camfleet/database';
import { TicketAnswer } from '@camfleet/protocol';
import { type Member, ProcessFleet, dataFolder, until } from '@camfleet/testing';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient, isJpeg } from './api-client';
import { WallClock } from './chaos/faults/wall-clock';
import { visitsClip } from './clips/face-clip';
import { FeedReader } from './feed/feed-reader';

const FIVE_MINUTES_MS = 300_000;
const LOGIN = { username: 'eve', password: 'a-long-password-1' };

let folder: string;
let simulator: CameraSimulator;
let fleet: ProcessFleet;
let right: Member;
let ahead: Member;
let cameraId: string;

const apiOf = ({ url }: Member) => new ApiClient(url, fleet.adminKey);
const both = (): [Member, Member][] => [
  [right, ahead],
  [ahead, right],
];

/** Two replicas, the second's machine five minutes ahead, and a worker that hears the second first. */
beforeAll(async () => {
  folder = dataFolder();
  simulator = await startCameraSimulator({ cameras: [{ path: '/cam', clip: await visitsClip() }] });
  fleet = await ProcessFleet.start({
    replicas: 1,
    startDatabase: (options) => startEmbeddedPostgres({ ...options, durable: false }),
  });
  const clock = new WallClock(folder);
  clock.set(FIVE_MINUTES_MS);
  right = fleet.replica(0);
  ahead = await fleet.addReplica('ahead', { NODE_OPTIONS: clock.nodeOptions });
  await fleet.addWorker('w1', { API_URL: `${ahead.url},${right.url}` });
  const api = apiOf(right);
  const isOnline = async () => (await api.workers()).some(({ state }) => state === 'online');
  await until('the worker is online', isOnline, 30_000);
  cameraId = (await api.createCamera('cam', { url: simulator.url('/cam') })).id;
  await api.start(cameraId);
  await api.untilState(cameraId, 'streaming', 30_000);
}, 120_000);
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  await simulator?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

it('opens feeds, tickets and sessions of either replica at the other', async () => {
  await apiOf(right).call('POST', '/api/users', { ...LOGIN, role: 'viewer' });
  for (const [one, other] of both()) {
    using feed = await FeedReader.open(apiOf(one), cameraId);
    await feed.next(`pictures come through ${one.id}`, (part) => !part.isSlate);

    const made = await apiOf(one).call('POST', `/api/cameras/${cameraId}/stream/ticket`);
    const { ticket, expiresAt } = TicketAnswer.parse(made.body);
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 60_000)).toBeLessThan(10_000);
    const path = `/api/cameras/${cameraId}/snapshot.jpg?ticket=${ticket}`;
    const picture = await fetch(other.url + path);
    expect([one.id, picture.status]).toEqual([one.id, 200]);
    expect(isJpeg(Buffer.from(await picture.arrayBuffer()))).toBe(true);

    const login = await fetch(`${one.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(LOGIN),
    });
    const Cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${other.url}/api/auth/me`, { headers: { Cookie } })).status).toBe(200);
  }
}, 60_000);

it('loses no event and moves no camera when the worker goes from one to the other and back', async () => {
  const before = await apiOf(right).status(cameraId);
  for (const [stays, goes] of [...both()].reverse()) {
    goes.program.signal('SIGKILL');
    await goes.program.exited;
    const known = new Set((await apiOf(stays).events({ type: 'face' })).map(({ id }) => id));
    const news = async () =>
      (await apiOf(stays).events({ type: 'face' })).filter(({ id }) => !known.has(id)).length >= 3;
    await until(`${stays.id} stores faces`, news, 30_000);
    goes.start();
    await until(
      `${goes.id} serves`,
      async () => (await fetch(`${goes.url}/readyz`).catch(() => null))?.ok,
      30_000,
    );
  }
  const events = await apiOf(ahead).events({ cameraId });
  const aheadMs = events.map(({ occurredAt, receivedAt }) => Date.parse(occurredAt) - Date.parse(receivedAt));
  expect(Math.max(...aheadMs)).toBeLessThan(1_000);
  expect(Math.min(...aheadMs)).toBeGreaterThan(-60_000);
  expect(existsSync(join(fleet.worker('w1').dataDirectory, 'outbox', 'rejected.jsonl'))).toBe(false);
  expect(await apiOf(right).status(cameraId)).toMatchObject({ workerId: 'w1', epoch: before.epoch });
}, 120_000);
