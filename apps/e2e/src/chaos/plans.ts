import type { ChaosOptions } from './run';
import { drawEachOnce, drawRounds } from './schedule/schedule';

const QUICK_LEASE_MS = 3_000;

/** Each kind of fault once, with short leases and few cameras: for `npm test`. */
export function quickPlan(seed: number): ChaosOptions {
  return {
    fleet: { replicas: 2, workers: 3, cameras: 4, leaseMs: QUICK_LEASE_MS, heartbeatMs: 600 },
    // Longer than a lease: what is cut off has to be replaced.
    draw: (faults) => drawEachOnce(faults, { seed, roundMs: 9_000, leastMs: QUICK_LEASE_MS + 2_000 }),
    recoveryMs: 20_000,
  };
}

/** All at once, for as long as you like, with the leases of production. */
export function longPlan({ seed, minutes }: { seed: number; minutes: number }): ChaosOptions {
  return {
    fleet: { replicas: 2, workers: 3, cameras: 6, leaseMs: 5_000, heartbeatMs: 1_000 },
    draw: (faults) => drawRounds(faults, { seed, minutes }),
    recoveryMs: 20_000,
  };
}
