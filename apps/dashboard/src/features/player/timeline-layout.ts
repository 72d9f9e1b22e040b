import type { TrackView } from '@camfleet/protocol';

/** All tracks of one kind, in rows in which none lies over another. */
export interface Lane {
  label: string;
  count: number;
  rows: TrackView[][];
}

/** Drawn at most, the longest first: more cannot be told apart, nor laid out in time. */
export const MAX_DRAWN = 1_000;
/** Free space between two in a row, as a share of the video: the narrowest that can be hit is as wide. */
const GAP_SHARE = 0.006;

/** The most frequent label first. */
export function lanesOf(tracks: readonly TrackView[], durationMs: number): Lane[] {
  const counts = new Map<string, number>();
  for (const { label } of tracks) counts.set(label, (counts.get(label) ?? 0) + 1);
  const drawn = [...tracks].sort((a, b) => lengthOf(b) - lengthOf(a)).slice(0, MAX_DRAWN);
  const gapMs = durationMs * GAP_SHARE;
  return [...counts]
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || a.localeCompare(b))
    .map(([label, count]) => ({
      label,
      count,
      rows: packed(
        drawn.filter((track) => track.label === label),
        gapMs,
      ),
    }));
}

const lengthOf = ({ startMs, endMs }: TrackView) => endMs - startMs;

/** Each into the first row that is free again, in the order in which they begin. */
function packed(tracks: readonly TrackView[], gapMs: number): TrackView[][] {
  const rows: TrackView[][] = [];
  const freeFrom: number[] = [];
  for (const track of [...tracks].sort((a, b) => a.startMs - b.startMs || a.trackId - b.trackId)) {
    const free = freeFrom.findIndex((fromMs) => fromMs <= track.startMs);
    const row = free === -1 ? rows.length : free;
    (rows[row] ??= []).push(track);
    freeFrom[row] = Math.max(track.endMs, track.startMs + gapMs) + gapMs;
  }
  return rows;
}

/** Where something begins and how wide it is, in percent of the time line. */
export function placeOf(
  span: { startMs: number; endMs: number },
  durationMs: number,
): { left: number; width: number } {
  const percent = (timeMs: number) => Math.min(100, Math.max(0, (timeMs / Math.max(1, durationMs)) * 100));
  const left = percent(span.startMs);
  return { left, width: percent(span.endMs) - left };
}

/** Steps at which the ruler bears a time: at most `marks` of them, at round times. */
export function rulerMarks(durationMs: number, marks: number): number[] {
  const step = STEPS_MS.find((each) => durationMs / each <= marks) ?? durationMs;
  return Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, index) => index * step);
}

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400].map(
  (seconds) => seconds * 1_000,
);
