import { ApiHarness, eventually } from '../../testing/api-harness';
import { FeedViewer } from '../../testing/feed-viewer';
import { TestWorker } from '../../testing/test-worker';

const FRAME_MS = 100;
/** What viewers are promised. */
const MAX_GAP_MS = 500;

/** How long this process, in which API, workers and viewer live, stood still on a busy machine. */
function watchStalls(): { longestMs(): number; stop(): void } {
  let longestMs = 0;
  let beforeMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - beforeMs - 20);
    beforeMs = nowMs;
  }, 20);
  return { longestMs: () => longestMs, stop: () => clearInterval(timer) };
}

describe('the feed of a camera that moves', () => {
  let api: ApiHarness;
  let old: TestWorker;
  let next: TestWorker;
  let cameraId: string;
  let viewer: FeedViewer;
  let stalls: ReturnType<typeof watchStalls>;
  const ending: (() => void)[] = [];
  const heartbeats = async () => {
    await next.heartbeat();
    await old.heartbeat();
  };
  const shows = (worker: TestWorker) => async () => {
    await heartbeats();
    return worker.connections === 1;
  };
  const seen = (n: number) => {
    const from = viewer.pictures.length;
    return eventually(`${n} more pictures`, () => viewer.pictures.length >= from + n);
  };
  const expectTimeToGrow = () => {
    const times = viewer.pictures.map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  };

  beforeEach(async () => {
    api = await ApiHarness.start({ leaseTtlMs: 60_000 });
    old = await new TestWorker(api, 'old').online();
    cameraId = await api.createCamera();
    await api.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await old.heartbeat();
    await old.heartbeat();
    viewer = await FeedViewer.open(`${api.url}/api/cameras/${cameraId}/stream/feed`);
    ending.push(old.streamPictures(FRAME_MS));
    stalls = watchStalls();
    ending.push(stalls.stop);
    next = await new TestWorker(api, 'next').online();
    next.reports.set(cameraId, { state: 'starting' });
    await seen(5);
  });
  afterEach(async () => {
    for (const end of ending.splice(0)) end();
    viewer.close();
    await old.die();
    await next.die();
    await api.stop();
  });

  it('is connected to the new worker before the old one stops: no gap, no slate, no time that goes back', async () => {
    await api.call('POST', '/api/workers/old/drain');
    await eventually('the new worker is connected to', shows(next));
    expect(old.connections).toBe(1);
    // Some milliseconds behind, as another path through the network may be.
    ending.push(next.streamPictures(FRAME_MS, -30));
    const before = viewer.pictures.length;
    await seen(3);
    expect(viewer.pictures.slice(before).every(({ timestampMs }) => timestampMs > 0)).toBe(true);
    next.reports.delete(cameraId);
    await eventually('the switch', async () => {
      await heartbeats();
      return old.connections === 0;
    });
    await seen(5);
    expect(viewer.slates).toEqual([]);
    expect(viewer.longestGapMs).toBeLessThan(MAX_GAP_MS + stalls.longestMs());
    expectTimeToGrow();
  });

  it('goes on from the new worker at once when the old one ends early', async () => {
    await api.call('POST', '/api/workers/old/drain');
    await eventually('the new worker is connected to', shows(next));
    ending.push(next.streamPictures(FRAME_MS));
    await seen(2);
    ending[0]?.();
    old.endFeeds();
    await seen(5);
    expect(viewer.slates).toEqual([]);
    expect(viewer.longestGapMs).toBeLessThan(MAX_GAP_MS + stalls.longestMs());
    expectTimeToGrow();
  });

  it('stays with the old worker while the new one has only slates', async () => {
    await api.call('POST', '/api/workers/old/drain');
    await eventually('the new worker is connected to', shows(next));
    next.showSlate(0);
    await seen(5);
    expect(viewer.slates).toEqual([]);
  });

  it('says within a second of a death when the last picture was, until another worker has one', async () => {
    await old.openLink(() => undefined);
    for (const end of ending.splice(0)) end();
    const last = viewer.pictures.at(-1);
    await old.die();
    const slate = await eventually('a slate', () => viewer.slates[0]);
    expect(slate.timestampMs).toBe(last?.timestampMs);
    expect(slate.atMs - (last?.atMs ?? 0)).toBeLessThan(1_500);
    await eventually('the new worker is connected to', async () => {
      await next.heartbeat();
      return next.connections === 1;
    });
    // It knows of no picture of this camera: its own slate would say less.
    next.showSlate(0);
    ending.push(next.streamPictures(FRAME_MS));
    await seen(3);
    expect(new Set(viewer.slates.map(({ timestampMs }) => timestampMs))).toEqual(
      new Set([last?.timestampMs]),
    );
    expect(viewer.ended).toBe(false);
    expectTimeToGrow();
  });

  it('comes back by itself when a connection breaks, even while the database is away', async () => {
    const { upstreams } = old;
    await api.stopDatabase();
    old.endFeeds();
    await eventually('another connection', () => old.upstreams > upstreams);
    await seen(3);
    expect(viewer.ended).toBe(false);
  });
});
