import { uptime } from 'node:os';

/** A clock that goes on while the process, or the whole machine, is suspended. Never the wall clock. */
export interface MachineClock {
  /** Milliseconds on a scale that every process of this machine shares. */
  nowMs(): number;
}

/** `uptime` reads a file: a camera asks for the time with each packet, and a suspension is as well seen a little later. */
const LOOK_INTERVAL_MS = 100;
/** How far the kernel's two clocks may differ before the difference counts as suspension; `uptime` has 10 ms. */
const SUSPENSION_THRESHOLD_MS = 50;

/**
 * `hrtime` is fine-grained but stands still while the machine sleeps (CLOCK_MONOTONIC); `uptime` goes on
 * (CLOCK_BOOTTIME). The sum of the first and of the suspension seen in the second has both properties.
 */
export function createMachineClock(
  read = { monotonicMs: () => Number(process.hrtime.bigint()) / 1e6, uptimeMs: () => uptime() * 1000 },
): MachineClock {
  let suspendedMs = 0;
  let lookedAtMs = -Infinity;
  return {
    nowMs() {
      const monotonicMs = read.monotonicMs();
      if (monotonicMs - lookedAtMs >= LOOK_INTERVAL_MS) {
        lookedAtMs = monotonicMs;
        const apartMs = read.uptimeMs() - monotonicMs;
        if (Math.abs(apartMs - suspendedMs) > SUSPENSION_THRESHOLD_MS) suspendedMs = apartMs;
      }
      return monotonicMs + suspendedMs;
    },
  };
}
