import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTestClip, startCameraSimulator } from '@camfleet/camera-simulator';
import type { Assignment } from '@camfleet/protocol';
import { MjpegCamera, anAssignment, until } from '@camfleet/testing';
import { SourceRegistry } from '../capture';
import { slateJpeg } from '../capture/slate-jpeg';
import { ChildCamera } from './child-camera';
import { ChildCameras } from './child-cameras';
import { NO_ANALYSIS } from './camera-analysis';
import type { FromChild } from './ipc';

const LATE = expect.stringMatching(/^HANDOVER_LATE/) as unknown;
const FLEET_TIME_MS = Date.parse('2026-01-01T00:00:00.000Z');

describe('the cameras of a decoder child', () => {
  let camera: MjpegCamera;
  let cameras: ChildCameras;
  let nowMs = 0;
  const said: FromChild[] = [];
  const errors: unknown[] = [];

  beforeEach(async () => {
    nowMs = 0;
    said.length = 0;
    camera = await MjpegCamera.start(await slateJpeg({ last: undefined, lines: ['test'], width: 320 }));
    const registry = new SourceRegistry({ clock: { nowMs: () => performance.now() } });
    const onError = (error: unknown) => errors.push(error);
    cameras = new ChildCameras({
      machine: { nowMs: () => nowMs },
      fleetNowMs: () => FLEET_TIME_MS + nowMs,
      send: (message) => said.push(message),
      onError,
      open: (assignment) =>
        new ChildCamera({
          assignment,
          registry,
          analysis: () => NO_ANALYSIS,
          clips: { directory: '/nowhere', onClip: () => undefined, onDropped: () => undefined },
          onPicture: () => undefined,
          onStatus: (status) => said.push({ type: 'status', camera: status }),
          onError,
        }),
    });
    cameras.renew(10_000);
  });

  afterEach(async () => {
    await cameras.closeAll();
    camera.stop();
    expect(errors).toEqual([]);
  });

  const exclusive = (cameraId: string, about: Partial<Assignment> = {}): Assignment => ({
    ...anAssignment({ cameraId, url: camera.url, ...about }),
    source: { url: camera.url, exclusive: true },
  });
  const released = () => said.flatMap((message) => (message.type === 'released' ? [message.cameraId] : []));

  it('has no lease from its very end on, before anybody has looked at the clock', () => {
    expect(cameras.hasLease).toBe(true);
    nowMs = 10_000;
    expect(cameras.hasLease).toBe(false);
    cameras.renew(20_000);
    expect(cameras.hasLease).toBe(true);
  });

  it('are closed when the machine has slept beyond the lease, and not opened by a lease that is over', async () => {
    cameras.assign(anAssignment({ cameraId: 'a', url: camera.url }));
    await until('it is read', () => camera.viewers === 1);
    nowMs = 10_000;
    cameras.lookAtClock(250);
    await until('it is closed', () => camera.viewers === 0);
    expect(said.at(-1)).toMatchObject({
      camera: { state: 'reconnecting', reason: expect.stringMatching(/^LEASE_EXPIRED/) },
    });
    cameras.renew(9_000);
    cameras.assign(anAssignment({ cameraId: 'b', url: camera.url }));
    cameras.renew(20_000);
    await until('both are read again', () => camera.viewers === 1);
    expect(camera.connections).toBe(2);
  });

  it('are closed at the end of a handover that nobody settled, and opened when this worker is to go on', async () => {
    const handoverEndsAt = new Date(FLEET_TIME_MS + 4_500).toISOString();
    const releasing = { ...anAssignment({ cameraId: 'a', url: camera.url }), desired: 'releasing' as const };
    cameras.assign({ ...releasing, handoverEndsAt });
    cameras.assign(anAssignment({ cameraId: 'other', url: `${camera.url}?channel=2` }));
    await until('both are read', () => camera.viewers === 2);
    nowMs = 4_499;
    cameras.lookAtClock(250);
    expect(said).not.toContainEqual(
      expect.objectContaining({ camera: expect.objectContaining({ reason: LATE }) }),
    );
    nowMs = 4_500;
    cameras.lookAtClock(250);
    await until('one is closed', () => camera.viewers === 1);
    expect(said.at(-1)).toMatchObject({ camera: { cameraId: 'a', state: 'reconnecting', reason: LATE } });
    cameras.renew(20_000);
    cameras.assign({ ...releasing, desired: 'running' });
    await until('both are read again', () => camera.viewers === 2);
  });

  it('are released when their source is closed, not while another camera still has it open', async () => {
    cameras.assign(exclusive('a'));
    cameras.assign(exclusive('b'));
    cameras.assign(anAssignment({ cameraId: 'other', url: `${camera.url}?channel=2` }));
    await until('both sources are read', () => camera.viewers === 2);
    const closing = cameras.unassign('a');
    await cameras.unassign('other');
    expect(released()).toEqual(['other']);
    await until('one is left', () => camera.viewers === 1);
    await Promise.all([closing, cameras.unassign('b')]);
    expect(released().sort()).toEqual(['a', 'b', 'other']);
    await until('nobody is connected', () => camera.viewers === 0);
    expect(camera.connections).toBe(2);
  });

  it('never have a second connection to a camera that allows one, however quickly they change', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'exclusive-'));
    const clip = join(directory, 'clip.h264');
    await makeTestClip({ path: clip });
    const simulator = await startCameraSimulator({ cameras: [{ path: '/one', clip }] });
    const target = new URL(simulator.url('/one'));
    let [open, most] = [0, 0];
    const gate = createServer((socket) => {
      open += 1;
      most = Math.max(most, open);
      socket.once('close', () => (open -= 1));
      const upstream = connect(Number(target.port), target.hostname);
      socket.pipe(upstream).pipe(socket);
      for (const end of [socket, upstream]) end.on('error', () => undefined);
    });
    await once(gate.listen(0, '127.0.0.1'), 'listening');
    const address = gate.address();
    const url = `rtsp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/one`;
    const streams = (epoch: number) =>
      until(`epoch ${epoch} streams`, () =>
        said.some((m) => m.type === 'status' && m.camera.epoch === epoch && m.camera.state === 'streaming'),
      );
    for (let epoch = 1; epoch <= 5; epoch += 1) {
      cameras.assign({ ...exclusive('a', { epoch }), source: { url, exclusive: true } });
      if (epoch % 2 === 1) await streams(epoch);
      if (epoch < 5) void cameras.unassign('a');
    }
    expect(most).toBe(1);
    await cameras.closeAll();
    gate.close();
    await simulator.close();
    await rm(directory, { recursive: true });
  });
});
