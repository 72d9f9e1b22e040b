import type { Box } from '@camfleet/domain';
import { TrackLine, TrackLineState } from './track-line';

const at = (x: number): Box => [x, 0.2, 0.1, 0.3];
const SAMPLES = Array.from({ length: 60 }, (_, index) => ({ timestampMs: index * 100, x: index / 100 }));

function lineOf(samples: readonly { timestampMs: number; x: number }[]): TrackLine {
  const line = new TrackLine();
  for (const { timestampMs, x } of samples) line.add({ timestampMs, box: at(x) });
  return line;
}

/** Where a player draws the box. */
function drawn(line: TrackLine, timeMs: number): number {
  const boxes = line.boxes;
  const next = boxes.findIndex(({ timestampMs }) => timestampMs >= timeMs);
  const [from, to] = [boxes[Math.max(0, next - 1)], boxes[next]];
  if (!from || !to) return NaN;
  const share = to === from ? 0 : (timeMs - from.timestampMs) / (to.timestampMs - from.timestampMs);
  return from.box[0] + share * (to.box[0] - from.box[0]);
}

describe('TrackLine: where a track was, in few boxes', () => {
  it('keeps one box each 2 s of an even walk, its first and its last', () => {
    expect(lineOf(SAMPLES).boxes.map(({ timestampMs }) => timestampMs)).toEqual([0, 2_000, 4_000, 5_900]);
  });

  it('lies within a hundredth of the frame of every sighting, whatever the way', () => {
    const way = SAMPLES.map(({ timestampMs }) => ({
      timestampMs,
      x: 0.4 + 0.3 * Math.sin(timestampMs / 400),
    }));
    const line = lineOf(way);
    for (const { timestampMs, x } of way) expect(Math.abs(drawn(line, timestampMs) - x)).toBeLessThan(0.0102);
    expect(line.boxes.length).toBeLessThan(way.length);
  });

  it('tells a day in as many boxes as a quarter of an hour, begins and ends where the track does, and is small to keep', () => {
    const endMs = 86_400_000;
    const whole = new TrackLine();
    let resumed = new TrackLine();
    for (let timestampMs = 0; timestampMs <= endMs; timestampMs += 500) {
      // It stands where it stands, and the detector is not sure where.
      const seen = { timestampMs, box: at(0.4 + 0.04 * Math.sin(timestampMs)) };
      whole.add(seen);
      resumed.add(seen);
      if (timestampMs % 1_000_000 === 0)
        resumed = new TrackLine(TrackLineState.parse(JSON.parse(JSON.stringify(resumed.state))));
    }
    expect(resumed.boxes).toEqual(whole.boxes);
    const times = whole.boxes.map(({ timestampMs }) => timestampMs);
    expect(times.length).toBeLessThan(502);
    expect([times[0], times.at(-1)]).toEqual([0, endMs]);
    for (const [index, timeMs] of times.slice(1).entries())
      expect(timeMs - (times[index] ?? 0)).toBeLessThan(2 * (endMs / 250));
    expect(JSON.stringify(whole.state).length).toBeLessThan(20_000);
  });
});
