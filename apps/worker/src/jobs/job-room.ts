/** From this share of the cameras that the worker can take on, it takes no jobs. */
const FULL = 0.75;

/** How many jobs a worker may have beside its live cameras, which go first. */
export function jobRoom({
  jobs,
  cameras,
  capacity,
}: {
  jobs: number;
  cameras: number;
  capacity: number;
}): number {
  const share = cameras / Math.max(1, capacity);
  if (share >= FULL) return 0;
  return Math.min(jobs, Math.max(1, Math.floor(jobs * (1 - share))));
}
