import { familyCpuSeconds } from '../measure/processes';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { ApiAlone } from '../simulated/api-alone';
import { insertCameras } from '../simulated/cameras-by-sql';
import { SimulatedFleet } from '../simulated/simulated-fleet';

const WORKERS = 16;
const CAMERAS = 160;
const SENDERS = 8;
const BATCH_SIZE = 100;
const WARM_UP_SECONDS = 3;
const WINDOW_SECONDS = 20;

export const ingestion: BenchRow = {
  number: 16,
  withoutVideo: true,
  async run(context: BenchContext): Promise<RowResult[]> {
    await using api = await ApiAlone.start(context);
    using fleet = await SimulatedFleet.start({
      apiUrl: api.url,
      workerKey: ApiAlone.workerKey,
      workers: WORKERS,
      mortal: 0,
    });
    await fleet.order({ kind: 'join' });
    await insertCameras(api.sql, CAMERAS);
    await fleet.order({ kind: 'untilHeld', cameras: CAMERAS });
    const ingest = (seconds: number) =>
      fleet.order({ kind: 'ingest', seconds, batchSize: BATCH_SIZE, senders: SENDERS });
    await ingest(WARM_UP_SECONDS);
    const cpu = () => [familyCpuSeconds(api.pids.api), familyCpuSeconds(api.pids.database)] as const;
    const before = cpu();
    const sent = await ingest(WINDOW_SECONDS);
    const after = cpu();
    return [
      {
        name: `events stored durably, ${SENDERS} workers with batches of ${BATCH_SIZE}, embedding of 512, no snapshot`,
        measured: sent.accepted / sent.seconds,
        target: 2_000,
        unit: '/s',
        compare: 'at least',
        details: {
          'a batch, median, ms': sent.p50Ms,
          'a batch, p99, ms': sent.p99Ms,
          refused: sent.rejected,
          failed: sent.failures,
          'API, cores': (after[0] - before[0]) / sent.seconds,
          'database, cores': (after[1] - before[1]) / sent.seconds,
        },
      },
    ];
  },
};
