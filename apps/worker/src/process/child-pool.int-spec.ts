import { join } from 'node:path';
import { createLogger } from '@camfleet/telemetry';
import { anAssignment, until } from '@camfleet/testing';
import { ChildPool, type ChildPoolOptions, type LostChild } from './child-pool';
import type { PipeMessage } from './frame-pipe';
import type { FromChild } from './ipc';

const ENTRY = join(__dirname, '..', '..', 'fixtures', 'misbehaving-child.cjs');
const camera = (cameraId: string, url = `rtsp://cameras/${cameraId}`) => anAssignment({ cameraId, url });

describe('the pool of decoder children', () => {
  const messages: FromChild[] = [];
  const events: PipeMessage[] = [];
  const lost: LostChild[] = [];
  let pool: ChildPool | undefined;

  async function start(options: Partial<ChildPoolOptions> = {}): Promise<ChildPool> {
    pool = new ChildPool({
      size: 2,
      entry: ENTRY,
      environment: {},
      logger: createLogger({ service: 'test', level: 'silent' }),
      limits: { pingIntervalMs: 50, pongWithinMs: 1_000 },
      onMessage: (message) => messages.push(message),
      onPicture: () => undefined,
      onEvent: (message) => events.push(message),
      onLost: (child) => lost.push(child),
      ...options,
    });
    const started = pool;
    if (options.limits) return started;
    await until('both children are ready', () => started.describe().every((child) => child.ready));
    return started;
  }

  afterEach(async () => {
    await pool?.stop();
    pool = undefined;
    for (const list of [messages, events, lost]) list.length = 0;
  });

  it('kills a child that hangs, and gives its cameras to the next one, while others go on', async () => {
    const started = await start();
    started.assign(camera('calm'));
    const calmPid = started.describe().find((child) => child.cameras.includes('calm'))?.pid;
    started.assign(camera('hang'));
    await until('the hang is noticed', () => lost.some(({ reason }) => reason === 'hung'));
    expect(lost[0]?.cameraIds).toEqual(['hang']);
    await until('the camera is started again', () => {
      const statuses = messages.filter((m) => m.type === 'status' && m.camera.cameraId === 'hang');
      return statuses.length >= 2;
    });
    expect(started.describe().find((child) => child.cameras.includes('calm'))?.pid).toBe(calmPid);
  });

  it('starts a crashed child again with its cameras', async () => {
    const started = await start();
    started.assign(camera('crash'));
    await until('it crashed twice', () => lost.filter(({ reason }) => reason === 'crashed').length >= 2);
    expect(started.describe().flatMap((child) => child.cameras)).toEqual(['crash']);
  });

  it('says that a camera is released when its child dies over it: its next owner would wait for ever', async () => {
    const started = await start();
    started.assign(camera('given-away'));
    started.unassign('given-away');
    await until('it is released', () => messages.some(({ type }) => type === 'released'));
    expect(messages).toContainEqual({ type: 'released', cameraId: 'given-away', epoch: 1 });
    expect(lost).toMatchObject([{ cameraIds: [], reason: 'crashed' }]);
  });

  it('kills a child that grows beyond its limit', async () => {
    await start({ limits: { pingIntervalMs: 50, pongWithinMs: 2_000, maxRssBytes: 1 } });
    await until('it is killed', () => lost.some(({ reason }) => reason === 'too-large'));
  });

  it('kills a child whose pipe makes no sense', async () => {
    const started = await start();
    started.assign(camera('garbage'));
    await until('it is killed', () => lost.some(({ reason }) => reason === 'broken-pipe'));
  });

  it('reads the events of a killed child to the last', async () => {
    const started = await start();
    started.assign(camera('seen'));
    await until('it is gone', () => lost.some(({ cameraIds }) => cameraIds.includes('seen')));
    expect(events.map(({ header }) => header)).toContainEqual(expect.objectContaining({ id: 'track:new' }));
  });

  it('spreads cameras, but keeps those of one source together', async () => {
    const started = await start();
    started.assign(camera('a'));
    started.assign(camera('b'));
    started.assign(camera('a2', 'rtsp://cameras/a'));
    const sorted = started.describe().map(({ cameras }) => cameras.join());
    expect(sorted.sort()).toEqual(['a,a2', 'b']);
  });
});
