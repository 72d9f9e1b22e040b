/** Above this interval two sightings must do: a third would come too late. */
const SLOW_INTERVAL_MS = 500;

/** When a track counts, and how long it may be out of sight, at this interval between two analysed frames. */
export function trackerTimes(analysisIntervalMs: number) {
  return {
    confirmHits: analysisIntervalMs > SLOW_INTERVAL_MS ? 2 : 3,
    maxTentativeGapMs: Math.max(600, 2.5 * analysisIntervalMs),
    maxGapMs: Math.max(2_000, 3.5 * analysisIntervalMs),
  };
}

const OVERLAY_INTERVALS = 2;
/** Where the analysis is late (a busy machine, many cameras on one thread) half a second is usual. */
const LATE_OVERLAY_MS = 1_500;

/** How much older than the picture the frame may be that its boxes come from; they move on meanwhile. */
export function overlayAgeMs(analysisIntervalMs: number): number {
  return Math.max(OVERLAY_INTERVALS * analysisIntervalMs, LATE_OVERLAY_MS);
}
