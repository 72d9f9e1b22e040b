import type { TrackView } from '@camfleet/protocol';

export type Box = readonly [x: number, y: number, width: number, height: number];

/** A track where it is at one moment of the video. */
export interface TrackBox {
  track: TrackView;
  /** Fractions of the upright picture. */
  box: Box;
}

/** Shown so long after its last box: of one that was seen in a single sample nothing could be seen otherwise. */
const HOLD_MS = 200;

/** Every track that is in the picture at `timeMs`; between two boxes it moves evenly. */
export function boxesAt(tracks: readonly TrackView[], timeMs: number): TrackBox[] {
  return tracks.flatMap((track) => {
    if (timeMs < track.startMs || timeMs > track.endMs + HOLD_MS) return [];
    const box = boxAt(track.boxes ?? [], timeMs);
    return box ? [{ track, box }] : [];
  });
}

type TimedBox = NonNullable<TrackView['boxes']>[number];

function boxAt(boxes: readonly TimedBox[], timeMs: number): Box | undefined {
  const next = firstAfter(boxes, timeMs);
  const [before, after] = [boxes[next - 1], boxes[next]];
  if (!before || !after) return (before ?? after)?.box;
  const share = (timeMs - before.timestampMs) / (after.timestampMs - before.timestampMs);
  const between = (side: 0 | 1 | 2 | 3) => before.box[side] + (after.box[side] - before.box[side]) * share;
  return [between(0), between(1), between(2), between(3)];
}

/** The index of the first box later than `timeMs`; boxes are in order of their time. */
function firstAfter(boxes: readonly TimedBox[], timeMs: number): number {
  let [low, high] = [0, boxes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((boxes[middle]?.timestampMs ?? 0) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
