import { familyCpuSeconds } from '../measure/processes';
import { pauseSeconds } from '../measure/pause';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { ApiAlone } from '../simulated/api-alone';
import { insertCameras } from '../simulated/cameras-by-sql';
import { SimulatedFleet } from '../simulated/simulated-fleet';

const WORKERS = 2_000;
const CAMERAS = 20_000;
const SETTLE_SECONDS = 15;
const WINDOW_SECONDS = 30;
const NAME = `heartbeats of ${WORKERS} workers × 10 cameras each second, nothing changing`;

export const heartbeats: BenchRow = {
  number: 14,
  withoutVideo: true,
  async run(context: BenchContext): Promise<RowResult[]> {
    await using api = await ApiAlone.start(context);
    using fleet = await SimulatedFleet.start({
      apiUrl: api.url,
      workerKey: ApiAlone.workerKey,
      workers: WORKERS,
      mortal: 0,
    });
    const joined = await fleet.order({ kind: 'join' });
    await insertCameras(api.sql, CAMERAS);
    await fleet.order({ kind: 'untilHeld', cameras: CAMERAS });
    await pauseSeconds(SETTLE_SECONDS);
    const cpu = () => ({
      api: familyCpuSeconds(api.pids.api),
      database: familyCpuSeconds(api.pids.database),
    });
    const before = cpu();
    const seen = await fleet.order({ kind: 'measure', seconds: WINDOW_SECONDS });
    const after = cpu();
    const ofApi = (after.api - before.api) / WINDOW_SECONDS;
    const ofDatabase = (after.database - before.database) / WINDOW_SECONDS;
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
        measured: ofApi + ofDatabase,
        target: 1,
        unit: 'cores',
        compare: 'at most',
        details: {
          API: ofApi,
          database: ofDatabase,
          'all registered at once, s': joined.tookMs / 1_000,
          'told to come again': joined.retries,
        },
      },
    ];
  },
};
