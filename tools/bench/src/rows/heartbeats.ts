import { pauseSeconds } from '../measure/pause';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { SimulatedSystem } from '../simulated/simulated-system';

const WORKERS = 2_000;
const CAMERAS = 20_000;
const SETTLE_SECONDS = 15;
const WINDOW_SECONDS = 30;
const NAME = `heartbeats of ${WORKERS} workers × 10 cameras each second, nothing changing`;

export const heartbeats: BenchRow = {
  number: 14,
  withoutVideo: true,
  async run(context: BenchContext): Promise<RowResult[]> {
    await using system = await SimulatedSystem.start(context, { workers: WORKERS });
    const { api, fleet, joined } = system;
    await system.runCameras(CAMERAS);
    await pauseSeconds(SETTLE_SECONDS);
    const { result: seen, cores } = await api.coresDuring(() =>
      fleet.order({ kind: 'measure', seconds: WINDOW_SECONDS }),
    );
    return [
      {
        name: `${NAME}: answer, p99`,
        measured: seen.failures > 0 ? undefined : seen.p99Ms,
        target: 100,
        unit: 'ms',
        compare: 'at most',
        details: {
          'heartbeats a second': seen.beats / WINDOW_SECONDS,
          failed: seen.failures,
          median: seen.p50Ms,
          slowest: seen.slowestMs,
        },
      },
      {
        name: `${NAME}: API and database together`,
        measured: cores.api + cores.database,
        target: 1,
        unit: 'cores',
        compare: 'at most',
        details: {
          API: cores.api,
          database: cores.database,
          'all registered at once, s': joined.tookMs / 1_000,
          'told to come again': joined.retries,
        },
      },
    ];
  },
};
