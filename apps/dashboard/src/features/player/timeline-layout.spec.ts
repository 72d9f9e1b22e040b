import { trackView } from '../../testing/examples';
import { MAX_DRAWN, lanesOf, placeOf, rulerMarks } from './timeline-layout';

const car = (trackId: number, startMs: number, endMs: number) =>
  trackView({ trackId, label: 'car', startMs, endMs });
const ids = (rows: { trackId: number }[][]) => rows.map((row) => row.map(({ trackId }) => trackId));

it('lays tracks that are there at once under each other, and uses a row again when it is free', () => {
  const [lane] = lanesOf([car(1, 0, 4_000), car(2, 1_000, 3_000), car(3, 5_000, 9_000)], 10_000);
  expect(ids(lane?.rows ?? [])).toEqual([[1, 3], [2]]);
});

it('lets no two lie over each other when they are drawn wider than they lasted', () => {
  const [lane] = lanesOf([car(1, 1_000, 1_000), car(2, 1_010, 1_020)], 60_000);
  expect(ids(lane?.rows ?? [])).toEqual([[1], [2]]);
});

it('puts what is seen most often first, and counts also what is not drawn', () => {
  const many = Array.from({ length: MAX_DRAWN + 5 }, (_, index) => car(index + 1, index, index + 10));
  const bus = trackView({ trackId: 9_999, label: 'bus', startMs: 0, endMs: 100 });
  const lanes = lanesOf([bus, ...many], 1_000_000);
  expect(lanes.map(({ label, count }) => [label, count])).toEqual([
    ['car', MAX_DRAWN + 5],
    ['bus', 1],
  ]);
  expect(lanes.flatMap(({ rows }) => rows.flat())).toHaveLength(MAX_DRAWN);
  expect(lanes[1]?.rows.flat()).toEqual([bus]);
});

it('keeps what lasts longer than the video says within the line', () => {
  expect(placeOf({ startMs: 5_000, endMs: 12_000 }, 10_000)).toEqual({ left: 50, width: 50 });
  expect(placeOf({ startMs: 0, endMs: 0 }, 0)).toEqual({ left: 0, width: 0 });
});

it('marks the ruler at round times, however long the video is', () => {
  expect(rulerMarks(12_000, 6)).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000]);
  expect(rulerMarks(7_200_000, 6)).toHaveLength(5);
  expect(rulerMarks(86_400_000, 6).length).toBeLessThanOrEqual(7);
});
