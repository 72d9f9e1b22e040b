import type { MovePlan, PlacementCandidate } from '@camfleet/database';
import { leastLoaded, mayRun, preferencesMet, WorkerLoad } from './policy';

/** Workers whose shares differ by less than this are left alone. */
const WORTH_MOVING = 0.2;

/** Everything that draining workers hold goes to whoever has room; what nobody can take stays for now. */
export const drainMoves: MovePlan = {
  reason: 'WORKER_DRAINED',
  from: () => ({ workerState: 'draining' }),
  choose(leaving, candidates) {
    const choose = leastLoaded(candidates);
    return leaving.flatMap((camera) => {
      const choice = choose(camera);
      return 'workerId' in choice ? [{ camera, to: choice.workerId }] : [];
    });
  },
};

/**
 * One camera from the fullest worker to the emptiest on which it may run, when that brings them clearly nearer
 * to each other and costs no preference. A camera in trouble is not troubled further.
 */
export const balancingMove: MovePlan = {
  reason: 'REBALANCED',
  from(candidates) {
    const loads = candidates.map((candidate) => new WorkerLoad(candidate));
    const fullest = loads.reduce<WorkerLoad | undefined>(
      (best, load) => (best && best.share >= load.share ? best : load),
      undefined,
    );
    const isUneven = loads.some((load) => fullest && fullest.share - load.share > WORTH_MOVING);
    return fullest && isUneven ? { workerId: fullest.worker.id } : undefined;
  },
  choose(leaving, candidates) {
    const holder = candidates.find(({ id }) => id === leaving[0]?.workerId);
    if (!holder) return [];
    const from = new WorkerLoad(holder);
    const byShare = candidates.map((worker) => new WorkerLoad(worker)).sort((a, b) => a.share - b.share);
    // The least important first: a move is a small risk.
    for (const camera of [...leaving].reverse()) {
      if (!camera.isStreaming || camera.isExclusive) continue;
      const to = byShare.find(
        (load) => mayRun(camera, load.worker) && isNoWorse(camera, load.worker, holder),
      );
      if (
        to &&
        to.hasRoomFor(camera) &&
        from.share - to.share > WORTH_MOVING &&
        to.shareWith(camera) <= from.shareWithout(camera)
      )
        return [{ camera, to: to.worker.id }];
    }
    return [];
  },
};

function isNoWorse(
  camera: Parameters<typeof preferencesMet>[0],
  to: PlacementCandidate,
  from: PlacementCandidate,
): boolean {
  return to.id !== from.id && preferencesMet(camera, to) >= preferencesMet(camera, from);
}
