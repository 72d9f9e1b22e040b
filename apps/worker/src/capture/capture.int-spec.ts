import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CameraSimulator, makeTestClip, startCameraSimulator } from '@camfleet/camera-simulator';
import type { SourceSettings, Variant } from '@camfleet/domain';
import { decodeJpeg } from '@camfleet/media';
import { makeClip, startHttpPeer, until } from '@camfleet/testing';
import {
  type AnalysisFrame,
  type CameraOutput,
  CameraSession,
  type ReaderTimings,
  SourceRegistry,
  type StreamStatus,
} from '.';

const TIMINGS: Partial<ReaderTimings> = {
  stallTimeoutMs: 700,
  firstRetryMs: 20,
  maxRetryMs: 100,
  incurableRetryMs: 300,
  comeBackMs: 0,
};
const SMALL: Variant = { width: 320, overlay: false };
const PASSWORD = 'hunter2/%@';
const clock = { nowMs: () => performance.timeOrigin + performance.now() };

let directory: string;
let simulator: CameraSimulator;
let registry: SourceRegistry;
const opened: Rig[] = [];

/** Waits for a condition, which is its own description when it never comes. */
const eventually = (probe: () => boolean | Promise<boolean>) => until(String(probe), probe, 8000);

/** A camera session on a source, with all that it has said. */
class Rig {
  readonly states: StreamStatus[] = [];
  readonly pictures: CameraOutput[] = [];
  skipped = 0;
  readonly analysed: AnalysisFrame[] = [];
  readonly source;
  readonly session;

  constructor(settings: SourceSettings) {
    this.source = registry.acquire(settings);
    this.session = new CameraSession({
      reader: this.source.reader,
      onJpeg: (output) => this.pictures.push(output),
      onAnalysisFrame: (frame) => this.analysed.push(frame),
      onAnalysisSkipped: () => (this.skipped += 1),
      onState: (status) => this.states.push(status),
    });
    opened.push(this);
  }

  get state(): string {
    return this.session.status.state;
  }

  async close(): Promise<void> {
    for (const { frame } of this.analysed) frame.release();
    await this.session.stop();
    await this.source[Symbol.asyncDispose]();
  }
}

const camera = (path: string): SourceSettings => ({ url: simulator.url(path) });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'camfleet-capture-'));
  const clip = join(directory, 'clip.h264');
  const otherClip = join(directory, 'other.h264');
  const sparse = join(directory, 'sparse.h264');
  await makeTestClip({ path: clip });
  await makeTestClip({ path: otherClip, width: 480, height: 270 });
  await makeTestClip({ path: sparse, keyframeEveryFrames: 60 });
  await makeClip({ path: join(directory, 'file.mp4'), output: ['-c:v', 'libx264'] });
  simulator = await startCameraSimulator({
    cameras: [
      { path: 'good', clip, otherClip },
      { path: 'shared', clip },
      { path: 'sparse', clip: sparse },
      { path: 'locked', clip, username: 'cam', password: PASSWORD },
    ],
  });
}, 30_000);

beforeEach(() => {
  registry = new SourceRegistry({ clock, mediaDirectory: directory, timings: TIMINGS });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((rig) => rig.close()));
  simulator.camera('good').fault('none');
});

afterAll(async () => {
  await simulator.close();
  await rm(directory, { recursive: true });
});

describe('a camera that runs', () => {
  it('shows pictures in the size that was asked for, and says what it is', async () => {
    const rig = new Rig(camera('good'));
    rig.session.view({ variant: SMALL, fps: 10 });
    await eventually(() => rig.pictures.length >= 3);
    const frame = await decodeJpeg(rig.pictures[0]?.jpeg ?? Buffer.alloc(0));
    expect(frame.display).toEqual({ width: 320, height: 180 });
    frame.release();
    expect(rig.session.status).toMatchObject({ state: 'streaming', codec: 'h264', width: 640, height: 360 });
  });

  it('makes nothing that nobody asked for', async () => {
    const rig = new Rig(camera('good'));
    await eventually(() => rig.source.reader.gop.length >= 5);
    expect(rig.pictures).toEqual([]);
    expect(rig.analysed).toEqual([]);
  });

  it('has a picture at once for a viewer who comes between two distant keyframes', async () => {
    const rig = new Rig(camera('sparse'));
    await eventually(() => rig.source.reader.gop.length >= 20);
    rig.session.view({ variant: SMALL, fps: 5 });
    const askedAt = performance.now();
    await eventually(() => rig.pictures.length > 0);
    expect(performance.now() - askedAt).toBeLessThan(1000);
    await eventually(() => clock.nowMs() - (rig.pictures.at(-1)?.captureTimeMs ?? 0) < 500);
  });

  it('gives a snapshot that is new, though nothing was decoded before', async () => {
    const rig = new Rig(camera('sparse'));
    await eventually(() => rig.source.reader.gop.length >= 5);
    const still = await rig.session.snapshot({ maxAgeMs: 2000 });
    expect(clock.nowMs() - (still?.captureTimeMs ?? 0)).toBeLessThan(2000);
    expect(still?.jpeg.length).toBeGreaterThan(1000);
  });

  it('is pulled once for two cameras on the same source', async () => {
    const [one, two] = [new Rig(camera('shared')), new Rig(camera('shared'))];
    one.session.view({ variant: SMALL, fps: 10 });
    two.session.view({ variant: SMALL, fps: 10 });
    await eventually(() => one.pictures.length > 0 && two.pictures.length > 0);
    expect(simulator.camera('shared').status().viewers).toBe(1);
  });

  it('lends the analysis two full frames at most, and cuts faces out of them', async () => {
    const rig = new Rig(camera('good'));
    rig.session.analyse({ fps: 15, width: 320 });
    await eventually(() => rig.skipped > 0);
    expect(rig.analysed).toHaveLength(2);
    const { frame, rgb } = rig.analysed[0] ?? fail('there are two');
    expect([rgb.width, rgb.height, rgb.data.length]).toEqual([320, 180, 320 * 180 * 3]);
    const cut = await frame.cutRegion(
      { x: 100, y: 100, width: 200, height: 200 },
      { width: 112, height: 112 },
    );
    expect(cut.data).toHaveLength(112 * 112 * 3);
    frame.release();
    await eventually(() => rig.analysed.length > 2);
  });
});

describe('a camera in trouble', () => {
  it('is back by itself after the connection dropped, and time never goes back', async () => {
    const rig = new Rig(camera('good'));
    rig.session.view({ variant: SMALL, fps: 15 });
    await eventually(() => rig.pictures.length > 2);
    simulator.camera('good').fault('drop');
    await eventually(() => rig.state === 'reconnecting');
    await eventually(() => rig.state === 'streaming');
    const before = rig.pictures.length;
    await eventually(() => rig.pictures.length > before + 2);
    const times = rig.pictures.map(({ captureTimeMs }) => captureTimeMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(rig.session.status.restarts).toBe(1);
  });

  it('is noticed when it only stops sending, shows its last picture meanwhile, and comes back', async () => {
    const rig = new Rig(camera('good'));
    await eventually(() => rig.state === 'streaming');
    simulator.camera('good').fault('stall');
    await eventually(() => rig.state === 'reconnecting');
    expect(rig.session.status.reason?.code).toBe('SOURCE_TIMEOUT');
    expect(await rig.session.snapshot({ maxAgeMs: 2000 })).toBeDefined();
    const slate = await rig.session.slate({ lines: ['Reconnecting…'], width: 320 });
    expect(slate.subarray(0, 2).toString('hex')).toBe('ffd8');
    simulator.camera('good').fault('none');
    await eventually(() => rig.state === 'streaming');
  });

  it.each([
    ['unauthorized', 'SOURCE_UNAUTHORIZED'],
    ['not-found', 'SOURCE_NOT_FOUND'],
  ] as const)('is failed while it is %s, says why, and is tried again', async (fault, code) => {
    simulator.camera('good').fault(fault);
    const rig = new Rig(camera('good'));
    await eventually(() => rig.state === 'failed');
    expect(rig.session.status.reason?.code).toBe(code);
    simulator.camera('good').fault('none');
    await eventually(() => rig.state === 'streaming');
    expect(rig.session.status.reason).toBeUndefined();
  });

  it('opens with the right password and never says it', async () => {
    const right = new Rig({ ...camera('locked'), username: 'cam', password: PASSWORD });
    await eventually(() => right.state === 'streaming');
    const wrong = new Rig({ ...camera('locked'), username: 'cam', password: `${PASSWORD}x` });
    await eventually(() => wrong.state === 'failed');
    expect(JSON.stringify([right.states, wrong.states])).not.toContain('hunter2');
  });

  it('goes on through wrong time stamps and a new resolution', async () => {
    const rig = new Rig(camera('good'));
    rig.session.view({ variant: { width: 0, overlay: false }, fps: 15 });
    await eventually(() => rig.pictures.length > 2);
    simulator.camera('good').fault('timestamps');
    const before = rig.pictures.length;
    await eventually(() => rig.pictures.length > before + 20);
    simulator.camera('good').fault('resolution');
    await eventually(async () => {
      const frame = await decodeJpeg(rig.pictures.at(-1)?.jpeg ?? Buffer.alloc(0));
      frame.release();
      return frame.display.width === 480;
    });
  });

  it('is let go of at once even while it hangs', async () => {
    const rig = new Rig(camera('good'));
    await eventually(() => rig.state === 'streaming');
    simulator.camera('good').fault('stall');
    const askedAt = performance.now();
    await rig.close();
    expect(performance.now() - askedAt).toBeLessThan(400);
    expect(rig.source.reader.status.state).toBe('stopped');
  });
});

describe('a file as a camera', () => {
  it('stops after the frames that were asked for, and says so', async () => {
    const rig = new Rig({ url: 'file:file.mp4', loop: true, maxFrames: 15 });
    rig.session.view({ variant: SMALL, fps: 30 });
    await eventually(() => rig.state === 'stopped');
    expect(rig.session.status.reason?.code).toBe('MAX_FRAMES');
    expect(rig.pictures.length).toBeGreaterThan(10);
  });

  it('plays in a loop at its own speed', async () => {
    const rig = new Rig({ url: 'file:file.mp4', loop: true });
    await eventually(() => rig.source.reader.fps !== undefined);
    await eventually(() => (rig.source.reader.status.lastFrameAtMs ?? 0) - clock.nowMs() < 0);
    expect(rig.source.reader.fps).toBeGreaterThan(7);
    expect(rig.source.reader.fps).toBeLessThan(13);
  });
});

describe('an MJPEG camera', () => {
  it('is passed on byte by byte at its own width', async () => {
    await makeClip({ path: join(directory, 'still.jpg'), fps: 1, output: ['-frames:v', '1'] });
    const jpeg = await readFile(join(directory, 'still.jpg'));
    await using peer = await startHttpPeer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'multipart/x-mixed-replace; boundary=frame' });
      const timer = setInterval(
        () => response.write(Buffer.concat([Buffer.from('--frame\r\n\r\n'), jpeg])),
        30,
      );
      response.on('close', () => clearInterval(timer));
    });
    const rig = new Rig({ url: peer.url });
    rig.session.view({ variant: { width: 0, overlay: false }, fps: 10 });
    await eventually(() => rig.pictures.length > 2);
    expect(rig.pictures.every((picture) => picture.jpeg.equals(jpeg))).toBe(true);
    await rig.close();
  });
});
