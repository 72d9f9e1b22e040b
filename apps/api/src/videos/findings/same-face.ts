import { cosine } from '@camfleet/domain';
import type { LookedTrack } from '@camfleet/database';

/** A run that looks once a second sees a face come and go up to half a second late. */
export const EDGE_MS = 500;
/** Two tracks of one face share so much of the shorter one's time. */
const LEAST_SHARED = 0.5;
/** And so much of their boxes on average, where their looks do not say it. */
const LEAST_OVERLAP = 0.5;
/** Hardly any two people are so alike: who is there at the same time and looks so is the same, wherever the boxes lie. */
const ALIKE = 0.6;
/** One pair of strangers in a hundred reaches it with the embedder that comes along: whoever does not is somebody else. */
const UNLIKE = 0.25;
/** Moments at which boxes are compared. */
const MOMENTS = 16;

type Box = readonly number[];
type Seen = Pick<LookedTrack, 'startMs' | 'endMs' | 'boxes'>;

/** How surely two tracks of two runs over one video show the same face; more is surer. `null`: they do not. */
export function sameFace(a: LookedTrack, b: LookedTrack): number | null {
  const fromMs = Math.max(a.startMs, b.startMs) - EDGE_MS;
  const toMs = Math.min(a.endMs, b.endMs) + EDGE_MS;
  const shorterMs = Math.min(a.endMs - a.startMs, b.endMs - b.startMs) + 2 * EDGE_MS;
  if (toMs - fromMs < LEAST_SHARED * shorterMs) return null;
  const overlap = meanOverlap(a, b, { fromMs, toMs });
  const likeness = likenessOf(a, b);
  if (likeness === null) return overlap >= LEAST_OVERLAP ? overlap : null;
  const isSame = likeness >= ALIKE || (likeness >= UNLIKE && overlap >= LEAST_OVERLAP);
  return isSame ? overlap + likeness : null;
}

/** `null`: their looks cannot be compared. */
function likenessOf(a: LookedTrack, b: LookedTrack): number | null {
  const isOneModel = a.model === b.model && a.modelVersion === b.modelVersion;
  if (!isOneModel || a.embedding.length === 0 || a.embedding.length !== b.embedding.length) return null;
  return cosine(a.embedding, b.embedding);
}

function meanOverlap(a: Seen, b: Seen, { fromMs, toMs }: { fromMs: number; toMs: number }): number {
  let sum = 0;
  for (let index = 0; index < MOMENTS; index += 1) {
    const timeMs = fromMs + ((toMs - fromMs) * (index + 0.5)) / MOMENTS;
    sum += overlapOf(boxAt(a, timeMs), boxAt(b, timeMs));
  }
  return sum / MOMENTS;
}

/** Between two of its boxes a track moves evenly. */
function boxAt({ boxes }: Seen, timeMs: number): Box {
  const next = firstAfter(boxes, timeMs);
  const after = boxes[next] ?? boxes.at(-1);
  const before = next < boxes.length ? (boxes[next - 1] ?? after) : after;
  if (!before || !after) return [0, 0, 0, 0];
  const share = (timeMs - before.timestampMs) / (after.timestampMs - before.timestampMs || 1);
  const at = Math.min(1, Math.max(0, share));
  return before.box.map((value, index) => value + at * ((after.box[index] ?? value) - value));
}

/** The index of the first box after a moment, or how many there are; of boxes in the order of their times. */
function firstAfter(boxes: Seen['boxes'], timeMs: number): number {
  let [from, to] = [0, boxes.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((boxes[middle]?.timestampMs ?? Infinity) > timeMs) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Intersection over union of two boxes [x, y, width, height]. */
function overlapOf([ax = 0, ay = 0, aw = 0, ah = 0]: Box, [bx = 0, by = 0, bw = 0, bh = 0]: Box): number {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (aw * ah + bw * bh - shared);
}
