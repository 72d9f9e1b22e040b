import type { BenchContext, BenchRow, RowResult } from '../row';
import { SimulatedSystem } from '../simulated/simulated-system';

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
    await using system = await SimulatedSystem.start(context, { workers: WORKERS });
    await system.runCameras(CAMERAS);
    const ingest = (seconds: number) =>
      system.fleet.order({ kind: 'ingest', seconds, batchSize: BATCH_SIZE, senders: SENDERS });
    await ingest(WARM_UP_SECONDS);
    const { result: sent, cores } = await system.api.coresDuring(() => ingest(WINDOW_SECONDS));
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
          'API, cores': cores.api,
          'database, cores': cores.database,
        },
      },
    ];
  },
};
