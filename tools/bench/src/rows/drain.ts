import { until } from '@camfleet/testing';
import { Several } from '../fleet/several';
import { pause } from '../measure/pause';
import { median } from '../measure/statistics';
import type { BenchRow } from '../row';
import { apiFeed } from '../viewing/feed';
import { fleetNowMs } from '../viewing/now';
import { Watcher } from '../viewing/watcher';

const CAMERAS = 20;
const [FULL, FREE] = ['w1', 'w2'];
const SETTLE_MS = 3_000;
const DRAINED_WITHIN_MS = 120_000;

export const drain: BenchRow = {
  number: 13,
  async run(context) {
    await using fleet = await Several.start(context, {
      replicas: 1,
      workers: [FULL, FREE],
      cameras: CAMERAS,
    });
    const order = (worker: string, what: 'drain' | 'resume') =>
      fleet.api(0).call('POST', `/api/workers/${worker}/${what}`);
    const untilDrained = (worker: string) =>
      until(
        `${worker} is drained`,
        async () => (await fleet.workers()).some(({ id, state }) => id === worker && state === 'drained'),
        DRAINED_WITHIN_MS,
      );
    await order(FREE, 'drain');
    await untilDrained(FREE);
    await fleet.untilAllStream();
    const watchers = fleet.cameraIds.map(
      (id) => new Watcher(apiFeed({ api: fleet.api(0) }, id, 'width=640')),
    );
    try {
      await pause(SETTLE_MS);
      const beforeMs = fleetNowMs();
      await pause(SETTLE_MS);
      // Both at once: the free one takes nothing by itself before.
      const startedMs = fleetNowMs();
      await order(FREE, 'resume');
      await order(FULL, 'drain');
      await untilDrained(FULL);
      const drainedMs = fleetNowMs();
      await pause(SETTLE_MS);
      const endMs = fleetNowMs();
      const gaps = watchers.map((one) => one.longestGapMs(startedMs, endMs));
      const quiet = watchers.map((one) => one.longestGapMs(beforeMs, startedMs));
      return [
        {
          name: `drain of ${CAMERAS} cameras (640×360@10, a viewer each): longest gap in any feed`,
          measured: Math.max(...gaps),
          target: 500,
          unit: 'ms',
          compare: 'at most',
          details: {
            'median of the feeds’ longest': median(gaps),
            'longest in the 3 s before': Math.max(...quiet),
            'drained after s': (drainedMs - startedMs) / 1000,
          },
        },
      ];
    } finally {
      for (const watcher of watchers) watcher[Symbol.dispose]();
    }
  },
};
