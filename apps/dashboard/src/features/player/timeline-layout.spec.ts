import { trackView } from '../../testing/examples';
import {
  HEAPS,
  MAX_EACH,
  SHORTEST_VIEW_MS,
  groupsOf,
  lanesOf,
  moved,
  placeOf,
  rulerMarks,
  zoomed,
} from './timeline-layout';

const car = (trackId: number, startMs: number, endMs: number) =>
  trackView({ trackId, label: 'car', startMs, endMs });
const whole = (toMs: number) => ({ fromMs: 0, toMs });
const ids = (rows: { trackId: number }[][]) => rows.map((row) => row.map(({ trackId }) => trackId));

it('lays tracks that are there at once under each other, and uses a row again when it is free', () => {
  const groups = groupsOf([car(3, 5_000, 9_000), car(1, 0, 4_000), car(2, 1_000, 3_000)]);
  expect(ids(lanesOf(groups, whole(10_000))[0]?.rows ?? [])).toEqual([[1, 3], [2]]);
});

it('lets no two lie over each other when they are drawn wider than they lasted', () => {
  const groups = groupsOf([car(1, 1_000, 1_000), car(2, 1_010, 1_020)]);
  expect(ids(lanesOf(groups, whole(60_000))[0]?.rows ?? [])).toEqual([[1], [2]]);
});

describe('a day on a busy street', () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    car(index + 1, index * 2_000, index * 2_000 + 1_500),
  );
  const bus = trackView({ trackId: 1, analysis: 'faces', label: 'bus', startMs: 0, endMs: 100 });
  const groups = groupsOf([bus, ...many]);
  const day = whole(20_000_000);

  it('is drawn as heaps that say how many were there, what is seen most often first', () => {
    const [cars, buses] = lanesOf(groups, day);
    expect(cars).toMatchObject({ label: 'car', count: 10_000, rows: [] });
    expect(cars?.heaps).toHaveLength(HEAPS);
    const total = cars?.heaps.reduce((sum, { count }) => sum + count, 0) ?? 0;
    expect(total).toBeGreaterThanOrEqual(10_000);
    expect(total).toBeLessThanOrEqual(10_000 + HEAPS);
    expect(buses).toMatchObject({ label: 'bus', count: 1, rows: [[bus]], heaps: [] });
  });

  it('shows each one to who looks closer', () => {
    const closer = zoomed(day, { factor: 0.01, centreMs: 5_000_000, durationMs: day.toMs });
    expect(closer).toEqual({ fromMs: 4_900_000, toMs: 5_100_000 });
    const [cars] = lanesOf(groups, closer);
    expect(cars?.heaps).toEqual([]);
    const drawn = cars?.rows.flat() ?? [];
    expect(drawn.length).toBeGreaterThan(90);
    expect(drawn.length).toBeLessThanOrEqual(MAX_EACH);
    expect(drawn.every(({ startMs, endMs }) => endMs >= 4_900_000 && startMs <= 5_100_000)).toBe(true);
  });
});

it('never leaves the video, however it is moved and zoomed', () => {
  const durationMs = 60_000;
  const closest = zoomed(whole(durationMs), { factor: 0.0001, centreMs: 59_999, durationMs });
  expect(closest).toEqual({ fromMs: durationMs - SHORTEST_VIEW_MS, toMs: durationMs });
  expect(moved(closest, 5, durationMs)).toEqual(closest);
  expect(moved(closest, -100, durationMs)).toEqual({ fromMs: 0, toMs: SHORTEST_VIEW_MS });
  expect(zoomed(closest, { factor: 1_000, centreMs: 0, durationMs })).toEqual(whole(durationMs));
  // One that is shorter than any view.
  expect(zoomed(whole(700), { factor: 0.5, centreMs: 0, durationMs: 700 })).toEqual(whole(700));
});

it('keeps what lasts longer than what is shown within the line', () => {
  expect(placeOf({ startMs: 5_000, endMs: 12_000 }, whole(10_000))).toEqual({ left: 50, width: 50 });
  expect(placeOf({ startMs: 0, endMs: 9_000 }, { fromMs: 2_000, toMs: 4_000 })).toEqual({
    left: 0,
    width: 100,
  });
  expect(placeOf({ startMs: 0, endMs: 0 }, whole(0))).toEqual({ left: 0, width: 0 });
});

it('marks the ruler at round times, however much it shows, and cuts none off at its end', () => {
  expect(rulerMarks(whole(9_000), 10)).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000]);
  expect(rulerMarks(whole(3_600_000), 8)).toEqual([0, 600_000, 1_200_000, 1_800_000, 2_400_000, 3_000_000]);
  expect(rulerMarks({ fromMs: 61_000, toMs: 71_000 }, 8)).toEqual([62_000, 64_000, 66_000, 68_000, 70_000]);
  expect(rulerMarks(whole(86_400_000), 8).length).toBeLessThanOrEqual(9);
  expect(rulerMarks(whole(0), 8)).toEqual([0]);
});
