import { until } from '@camfleet/testing';
import { pauseSeconds } from '../measure/pause';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { insertCameras, placedCameras } from '../simulated/cameras-by-sql';
import { SimulatedSystem } from '../simulated/simulated-system';

const WORKERS = 2_000;
const CAMERAS = 20_000;
const LOST = 100;
const SETTLE_SECONDS = 15;
const TIMEOUT_MS = 120_000;

export const placing: BenchRow = {
  number: 15,
  withoutVideo: true,
  async run(context: BenchContext): Promise<RowResult[]> {
    await using system = await SimulatedSystem.start(context, { workers: WORKERS, mortal: LOST });
    const { api, fleet } = system;
    await pauseSeconds(SETTLE_SECONDS);
    await insertCameras(api.sql, CAMERAS);
    const placed = await untilPlaced(system, Date.now());
    await pauseSeconds(SETTLE_SECONDS);
    const { atMs } = await fleet.order({ kind: 'kill', workers: LOST });
    await until('the cameras are missed', async () => (await placedCameras(api.sql)) < CAMERAS, TIMEOUT_MS);
    const moved = await untilPlaced(system, atMs);
    return [
      result(`placing ${CAMERAS} cameras on ${WORKERS} workers from nothing`, { ...placed, target: 5 }),
      result(`losing ${LOST} workers at once: their cameras placed`, { ...moved, target: 2 }),
    ];
  },
};

interface Placed {
  rowsSeconds: number;
  wokenSeconds: number;
  toldSeconds: number;
}

/** Rows are looked at by a connection of the bench's own; the fleet says when it was woken, and what it was told. */
async function untilPlaced({ fleet, api }: SimulatedSystem, sinceMs: number): Promise<Placed> {
  const isPlaced = async () => (await placedCameras(api.sql)) >= CAMERAS;
  const [rowsAtMs, { heldAtMs, lastWakeAtMs }] = await Promise.all([
    until('every camera has its row', isPlaced, TIMEOUT_MS).then(() => Date.now()),
    fleet.order({ kind: 'untilHeld', cameras: CAMERAS }),
  ]);
  const seconds = (ms: number) => (ms - sinceMs) / 1_000;
  return {
    rowsSeconds: seconds(rowsAtMs),
    wokenSeconds: seconds(lastWakeAtMs),
    toldSeconds: seconds(heldAtMs),
  };
}

function result(name: string, { target, ...placed }: Placed & { target: number }): RowResult {
  return {
    name: `${name}, rows committed and workers woken`,
    measured: Math.max(placed.rowsSeconds, placed.wokenSeconds),
    target,
    unit: 's',
    compare: 'at most',
    details: {
      'rows, s': placed.rowsSeconds,
      'last wake, s': placed.wokenSeconds,
      'every worker has its list, s': placed.toldSeconds,
    },
  };
}
