import type { Box, Point } from '@camfleet/domain';

/** How far from where it was expected a face may be, in face sizes: at once, and more for each second unseen. */
const MAX_DISTANCE = 1;
const MAX_DISTANCE_PER_SECOND = 1.5;
const FARTHEST = 2;
/** A face does not grow or shrink by more from one sighting to the next. */
const MAX_SIZE_RATIO = 2;

export interface Expected {
  box: Box;
  /** Since it was last seen. */
  gapMs: number;
}

export function centreOf([x, y, width, height]: Box): Point {
  return [x + width / 2, y + height / 2];
}

/**
 * Which track is which detection: the nearest pair first. Faces stand beside each other and rarely overlap, so
 * that this greedy order differs from the optimal assignment only where the answer is open anyway.
 * @returns index of the detection by index of the track
 */
export function associate(
  tracks: readonly Expected[],
  detections: readonly { box: Box }[],
): Map<number, number> {
  const pairs: { track: number; detection: number; cost: number }[] = [];
  tracks.forEach((expected, track) => {
    detections.forEach(({ box }, detection) => {
      const cost = costOf(expected, box);
      if (cost !== undefined) pairs.push({ track, detection, cost });
    });
  });
  pairs.sort((a, b) => a.cost - b.cost);
  const matches = new Map<number, number>();
  const taken = new Set<number>();
  for (const { track, detection } of pairs) {
    if (matches.has(track) || taken.has(detection)) continue;
    matches.set(track, detection);
    taken.add(detection);
  }
  return matches;
}

/** Distance in face sizes plus the logarithm of the change in size; undefined where it cannot be the same. */
function costOf({ box, gapMs }: Expected, found: Box): number | undefined {
  const [x, y] = centreOf(box);
  const [foundX, foundY] = centreOf(found);
  const distance = Math.hypot(
    (foundX - x) / ((box[2] + found[2]) / 2),
    (foundY - y) / ((box[3] + found[3]) / 2),
  );
  const growth = Math.abs(Math.log((found[2] * found[3]) / (box[2] * box[3]))) / 2;
  const farthest = Math.min(FARTHEST, MAX_DISTANCE + (MAX_DISTANCE_PER_SECOND * gapMs) / 1000);
  if (distance > farthest || growth > Math.log(MAX_SIZE_RATIO)) return undefined;
  return distance + growth;
}
