import { type Box, intersectionOverUnion } from '@camfleet/domain';
import { type ObjectDetection, similarTo } from '../objects/object-detection';

/** Of the Gaussian of Soft-NMS (arxiv.org/abs/1704.04503). */
const SIGMA = 0.5;

/** What stands just where something else is, or was expected, is that by another name: a dog that was a sheep just now. */
export const MISNAMED_OVERLAP = 0.75;

/**
 * What is left of a box's score beside others: a part of what is known already (a torso beside the whole person) scores
 * like a second one, but lies over it. Soft-NMS; what has another name must lie just there.
 */
export function scoreBeside(
  { box, score, label }: ObjectDetection,
  others: readonly Pick<ObjectDetection, 'box' | 'label'>[],
): number {
  const overlaps = others.map((other) => {
    const overlap = intersectionOverUnion(box, other.box);
    return similarTo(other.label, label) || overlap >= MISNAMED_OVERLAP ? overlap : 0;
  });
  return score * Math.exp(-(Math.max(0, ...overlaps) ** 2) / SIGMA);
}

/**
 * In heights of a box: three deviations of the difference between two places, of which each is known to 1/20 (as the
 * Kalman filter of SORT has it).
 */
const MOVED = 3 * Math.SQRT2 * (1 / 20);

/**
 * Whether a thing is elsewhere by now, farther than detectors err. A side that moves alone tells nothing: more or less
 * of the same thing is seen.
 */
export function hasMoved(from: Box, to: Box): boolean {
  const [x, y, width, height] = from;
  const [toX, toY, toWidth, toHeight] = to;
  const across = shift(toX - x, toX + toWidth - x - width);
  const along = shift(toY - y, toY + toHeight - y - height);
  return Math.hypot(across, along) > MOVED * Math.max(height, toHeight);
}

/** How far two opposite sides went together. */
function shift(near: number, far: number): number {
  return near * far > 0 ? Math.min(Math.abs(near), Math.abs(far)) : 0;
}
