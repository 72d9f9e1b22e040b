import { trackView } from '../../testing/examples';
import { boxesAt } from './boxes-at';

const walker = trackView({
  trackId: 1,
  startMs: 1_000,
  endMs: 3_000,
  boxes: [
    { timestampMs: 1_000, box: [0, 0, 0.2, 0.4] },
    { timestampMs: 2_000, box: [0.4, 0, 0.2, 0.4] },
    { timestampMs: 3_000, box: [0.4, 0.2, 0.2, 0.4] },
  ],
});
const boxOf = (timeMs: number) => boxesAt([walker], timeMs)[0]?.box;

it('draws a box where the track was, and between two samples where it must have been', () => {
  expect(boxOf(1_000)).toEqual([0, 0, 0.2, 0.4]);
  expect(boxOf(1_500)).toEqual([0.2, 0, 0.2, 0.4]);
  expect(boxOf(2_500)).toEqual([0.4, 0.1, 0.2, 0.4]);
  expect(boxOf(3_000)).toEqual([0.4, 0.2, 0.2, 0.4]);
});

it('draws nothing before a track comes nor after it has left', () => {
  expect(boxOf(999)).toBeUndefined();
  expect(boxOf(3_500)).toBeUndefined();
});

it('shows for a moment what was seen in one sample alone', () => {
  const glimpse = trackView({ startMs: 500, endMs: 500, boxes: [{ timestampMs: 500, box: [0, 0, 1, 1] }] });
  expect(boxesAt([glimpse], 600)).toHaveLength(1);
  expect(boxesAt([glimpse], 800)).toHaveLength(0);
});

it('draws no box of a track whose boxes were not read', () => {
  expect(boxesAt([{ ...walker, boxes: undefined }], 1_500)).toEqual([]);
});
