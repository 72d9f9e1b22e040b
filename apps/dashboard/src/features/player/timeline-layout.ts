import type { TrackView } from '@camfleet/protocol';

/** The part of a video that the time line shows. */
export interface View {
  fromMs: number;
  toMs: number;
}

type Track = TrackView;

/** Tracks of one label, in the order in which they begin. */
export interface Group {
  label: string;
  tracks: Track[];
}

/** So many were in the picture together between two times; too many to draw each. */
export interface Heap extends View {
  label: string;
  count: number;
}

/** What is drawn of one label: each track in rows in which none lies over another, or heaps of them. */
export interface Lane {
  label: string;
  /** In the whole video. */
  count: number;
  rows: Track[][];
  heaps: Heap[];
}

/** Drawn each in a lane at most: more cannot be told apart, nor laid out in time. */
export const MAX_EACH = 150;
/** Heaps that are drawn in their place. */
export const HEAPS = 60;
/** Free space between two in a row, as a share of the line: the narrowest that can be hit is as wide. */
const GAP_SHARE = 0.006;
/** Nothing is shorter to be looked at. */
export const SHORTEST_VIEW_MS = 2_000;

/** The most frequent label first. */
export function groupsOf(tracks: readonly Track[]): Group[] {
  const byLabel = new Map<string, Track[]>();
  for (const track of tracks) {
    const same = byLabel.get(track.label);
    if (same) same.push(track);
    else byLabel.set(track.label, [track]);
  }
  return [...byLabel]
    .map(([label, all]) => ({
      label,
      tracks: all.sort((a, b) => a.startMs - b.startMs || a.trackId - b.trackId),
    }))
    .sort((a, b) => b.tracks.length - a.tracks.length || a.label.localeCompare(b.label));
}

/** However many tracks there are, at most {@link MAX_EACH} bars or {@link HEAPS} heaps a label. */
export function lanesOf(groups: readonly Group[], view: View): Lane[] {
  const gapMs = (view.toMs - view.fromMs) * GAP_SHARE;
  return groups.map(({ label, tracks }) => {
    const shown = tracks.filter(({ startMs, endMs }) => startMs <= view.toMs && endMs >= view.fromMs);
    const each = shown.length <= MAX_EACH;
    return {
      label,
      count: tracks.length,
      rows: each ? packed(shown, gapMs) : [],
      heaps: each ? [] : heapsOf(shown, { ...view, label }),
    };
  });
}

/** Each into the first row that is free again. */
function packed(tracks: readonly Track[], gapMs: number): Track[][] {
  const rows: Track[][] = [];
  const freeFrom: number[] = [];
  for (const track of tracks) {
    const free = freeFrom.findIndex((fromMs) => fromMs <= track.startMs);
    const row = free === -1 ? rows.length : free;
    (rows[row] ??= []).push(track);
    freeFrom[row] = Math.max(track.endMs, track.startMs + gapMs) + gapMs;
  }
  return rows;
}

function heapsOf(tracks: readonly Track[], { fromMs, toMs, label }: View & { label: string }): Heap[] {
  const widthMs = (toMs - fromMs) / HEAPS;
  const heapAt = (timeMs: number) =>
    Math.min(HEAPS - 1, Math.max(0, Math.floor((timeMs - fromMs) / widthMs)));
  // What comes and what goes; their running sum is how many were there.
  const change = new Array<number>(HEAPS + 1).fill(0);
  const add = (index: number, step: number) => (change[index] = (change[index] ?? 0) + step);
  for (const { startMs, endMs } of tracks) {
    add(heapAt(startMs), 1);
    add(heapAt(endMs) + 1, -1);
  }
  let count = 0;
  return change.slice(0, HEAPS).flatMap((step, index) => {
    count += step;
    const begin = fromMs + index * widthMs;
    return count === 0 ? [] : [{ label, count, fromMs: begin, toMs: begin + widthMs }];
  });
}

/** Where something begins and how wide it is, in percent of what is shown. */
export function placeOf(
  span: { startMs: number; endMs: number },
  { fromMs, toMs }: View,
): { left: number; width: number } {
  const lengthMs = Math.max(1, toMs - fromMs);
  const percent = (timeMs: number) => Math.min(100, Math.max(0, ((timeMs - fromMs) / lengthMs) * 100));
  const left = percent(span.startMs);
  return { left, width: percent(span.endMs) - left };
}

/** `factor` times as long around `centreMs`, within the video. */
export function zoomed(view: View, { factor, centreMs, durationMs }: Zoom): View {
  const lengthMs = Math.min(durationMs, Math.max(SHORTEST_VIEW_MS, (view.toMs - view.fromMs) * factor));
  return within(centreMs - lengthMs / 2, lengthMs, durationMs);
}

interface Zoom {
  factor: number;
  centreMs: number;
  durationMs: number;
}

/** By so many of its own lengths, within the video. */
export const moved = (view: View, lengths: number, durationMs: number): View =>
  within(view.fromMs + (view.toMs - view.fromMs) * lengths, view.toMs - view.fromMs, durationMs);

function within(fromMs: number, lengthMs: number, durationMs: number): View {
  const begin = Math.max(0, Math.min(fromMs, durationMs - lengthMs));
  return { fromMs: begin, toMs: begin + lengthMs };
}

/** Times that the ruler bears: at most `marks` of them, round ones, and none so near the end that it is cut off. */
export function rulerMarks({ fromMs, toMs }: View, marks: number): number[] {
  const lengthMs = toMs - fromMs;
  const step = STEPS_MS.find((each) => lengthMs / each <= marks) ?? Math.max(1, lengthMs);
  const first = Math.ceil(fromMs / step) * step;
  const all = Array.from(
    { length: Math.max(0, Math.floor((toMs - first) / step) + 1) },
    (_, index) => first + index * step,
  );
  return all.filter((timeMs) => timeMs === fromMs || toMs - timeMs >= lengthMs / (marks * 2));
}

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400].map(
  (seconds) => seconds * 1_000,
);
