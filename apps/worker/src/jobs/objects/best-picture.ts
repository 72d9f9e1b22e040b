import type { Box } from '@camfleet/domain';

/** One sighting of a track, as a candidate for its snapshot. */
export interface Sighting {
  offsetMs: number;
  box: Box;
  score: number;
  /** 0 to 1. */
  sharpness: number;
}

/** Steps below which two sightings are alike, so that a detector's jitter does not decide before what comes next. */
const AREA_RATIO = 1.05;
const SCORE_STEP = 0.05;
const SHARPNESS_STEP = 0.05;
const CENTRE_STEP = 0.05;

const areaOf = ([, , width, height]: Box) => Math.max(width * height, 1e-9);
const fromCentre = ([x, y, width, height]: Box) => Math.hypot(x + width / 2 - 0.5, y + height / 2 - 0.5);

/** In whole steps, the more the better, most important first. Without sharpness: a picture need not be looked at yet. */
function shape({ box, score }: Pick<Sighting, 'box' | 'score'>): number[] {
  return [Math.round(Math.log(areaOf(box)) / Math.log(AREA_RATIO)), Math.round(score / SCORE_STEP)];
}

function ranks(sighting: Sighting): number[] {
  return [
    ...shape(sighting),
    Math.round(sighting.sharpness / SHARPNESS_STEP),
    -Math.round(fromCentre(sighting.box) / CENTRE_STEP),
    -sighting.offsetMs,
  ];
}

/** True unless its area, or with the same area its score, speak against it. */
export function mayBeBetter(candidate: Pick<Sighting, 'box' | 'score'>, best: Sighting): boolean {
  return compare(shape(candidate), shape(best)) >= 0;
}

/** By area, then confidence, then sharpness, then nearness to the middle of the frame, then the earlier. */
export function isBetter(candidate: Sighting, best: Sighting): boolean {
  return compare(ranks(candidate), ranks(best)) > 0;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
