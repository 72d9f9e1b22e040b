import { until } from '@camfleet/testing';
import { Several } from '../fleet/several';
import { untilReady } from '../fleet/until-ready';
import { pause } from '../measure/pause';
import { median, p95 } from '../measure/statistics';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { FaithfulSocket, FaithfulViewer } from '../viewing/faithful';
import { apiFeed } from '../viewing/feed';
import { fleetNowMs } from '../viewing/now';

const KILLS = 10;
const REPLICAS = 2;
const CAMERAS = 4;
const BACK_WITHIN_MS = 30_000;
/** What the killed replica had sent has come in by then. */
const IN_FLIGHT_MS = 50;
const SETTLE_MS = 2_000;

export const replicaKilled: BenchRow = {
  number: 11,
  async run(context) {
    const { feedsMs, socketsMs } = await measure(context);
    return [
      line('API replica killed (kill -9) → first picture of a feed that goes to the other, p95', feedsMs),
      line('… WS /api/live subscribed at the other, p95', socketsMs),
    ];
  },
};

async function measure(context: BenchContext): Promise<{ feedsMs: number[]; socketsMs: number[] }> {
  await using fleet = await Several.start(context, { replicas: REPLICAS, workers: ['w1'], cameras: CAMERAS });
  const feedsMs: number[] = [];
  const socketsMs: number[] = [];
  const apis = [fleet.api(0), fleet.api(1)];
  for (let kill = 0; kill < KILLS; kill++) {
    const replica = kill % REPLICAS;
    const viewers = fleet.cameraIds.map((id) => {
      const addresses = apis.map((api) => apiFeed({ api }, id, 'width=640'));
      return new FaithfulViewer(addresses, replica);
    });
    const socket = new FaithfulSocket(apis, { replica, nowMs: fleetNowMs });
    try {
      await until(
        'all are connected',
        () => socket.subscribedAtMs > 0 && viewers.every((one) => one.seenAfter(0)),
      );
      await pause(Math.random() * 1_000);
      const member = fleet.processes.replica(replica);
      const killedAtMs = fleetNowMs();
      member.program.signal('SIGKILL');
      const feeds = viewers.map((viewer) =>
        until('the feed is back', () => viewer.seenAfter(killedAtMs + IN_FLIGHT_MS), BACK_WITHIN_MS),
      );
      const back = () => socket.subscribedAtMs > killedAtMs && socket.subscribedAtMs;
      const socketAtMs = await until('the socket is back', back, BACK_WITHIN_MS);
      feedsMs.push(...(await Promise.all(feeds)).map((atMs) => atMs - killedAtMs));
      socketsMs.push(socketAtMs - killedAtMs);
      await member.program.exited;
      member.start();
    } finally {
      for (const client of [...viewers, socket]) client[Symbol.dispose]();
    }
    await untilReady(fleet.processes.replica(replica).url);
    await pause(SETTLE_MS);
  }
  return { feedsMs, socketsMs };
}

function line(name: string, values: readonly number[]): RowResult {
  const details = {
    kills: KILLS,
    n: values.length,
    median: median(values) / 1000,
    slowest: Math.max(...values) / 1000,
  };
  return { name, measured: p95(values) / 1000, target: 1, unit: 's', compare: 'at most', details };
}
