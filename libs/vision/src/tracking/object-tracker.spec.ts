import type { Box } from '@camfleet/domain';
import type { ObjectDetection } from '../objects/object-detection';
import { ObjectTracker } from './object-tracker';

const INTERVAL_MS = 200;
const thing = (x: number, over: Partial<ObjectDetection> = {}): ObjectDetection => ({
  box: [x, 0.3, 0.1, 0.4],
  score: 0.8,
  label: 'person',
  ...over,
});

/** Plays frames, 5 a second. @returns per frame the id of each detection's track */
function play(tracker: ObjectTracker, frames: readonly (readonly ObjectDetection[])[], startMs = 0) {
  return frames.map((detections, index) => {
    const tracks = tracker.update(detections, startMs + index * INTERVAL_MS);
    return detections.map((_, detection) => tracks.find((track) => track.detection === detection)?.id);
  });
}

const steps = (count: number) => Array.from({ length: count }, (_, step) => step);

describe('ObjectTracker: one object passing is one track', () => {
  it('confirms at the third sighting, tells the end once, and begins anew', () => {
    const tracker = new ObjectTracker();
    const states = steps(3).map((step) => tracker.update([thing(0.4)], step * INTERVAL_MS)[0]?.state);
    expect(states).toEqual(['tentative', 'tentative', 'confirmed']);
    expect(tracker.update([], 600)[0]?.state).toBe('lost');
    const later = tracker.update([thing(0.4)], 3_000);
    expect(later.map(({ id, state }) => [id, state])).toEqual([
      [2, 'tentative'],
      [1, 'ended'],
    ]);
    expect(tracker.update([], 3_200).map(({ id }) => id)).toEqual([2]);
  });

  it('makes no track of a flicker, or of what was never sure', () => {
    const tracker = new ObjectTracker();
    play(tracker, [[thing(0.4)], [], [], [], [], []]);
    play(
      tracker,
      steps(10).map(() => [thing(0.7, { score: 0.3 })]),
      2_000,
    );
    expect(tracker.end()).toEqual([]);
  });

  it('goes on with one that is half hidden and scores low, where nothing else fits', () => {
    const frames = steps(12).map((step) => [thing(0.4, { score: step > 3 && step < 10 ? 0.2 : 0.8 })]);
    const tracker = new ObjectTracker();
    expect(new Set(play(tracker, frames).flat())).toEqual(new Set([1]));
    const withoutLow = play(new ObjectTracker({ lowScore: 0.4, maxGapMs: 600 }), frames);
    expect(withoutLow.at(-1)).toEqual([2]);
  });

  it('goes on with one that seemed to leave and stands at the edge after all, half of it seen', () => {
    const leaving = steps(6).map((step) => [thing(0.5 + step * 0.08)]);
    const halfSeen = thing(0.94, { box: [0.94, 0.35, 0.06, 0.35] });
    const frames = [...leaving, [], [], [], [halfSeen], [halfSeen], [halfSeen]];
    expect(new Set(play(new ObjectTracker(), frames).flat())).toEqual(new Set([1]));
  });

  it('finds one again where its way leads, 1 s behind a pillar', () => {
    const walk = steps(14).map((step) => (step > 5 && step < 10 ? [] : [thing(0.1 + step * 0.03)]));
    expect(new Set(play(new ObjectTracker(), walk).flat())).toEqual(new Set([1]));
  });

  it('keeps two apart who pass each other', () => {
    const frames = steps(16).map((step) => {
      const [left, right] = [
        thing(0.1 + step * 0.04),
        thing(0.7 - step * 0.04, { box: box(0.7 - step * 0.04, 0.36) }),
      ];
      return step === 7 || step === 8 ? [left] : [left, right];
    });
    const ids = play(new ObjectTracker(), frames);
    expect(ids[0]).toEqual([1, 2]);
    expect(ids.at(-1)).toEqual([1, 2]);
  });

  it('gives crowded detections out so that all fit, not the nearest first', () => {
    const tracker = new ObjectTracker();
    play(
      tracker,
      steps(4).map(() => [thing(0.4), thing(0.45)]),
    );
    // The second one stands nearer to where the first was than the first itself now does.
    expect(play(tracker, [[thing(0.36), thing(0.41)]], 800)).toEqual([[1, 2]]);
  });

  it('follows a fast one from its second sighting on, though the boxes do not meet', () => {
    const fast = steps(8).map((step) => [thing(0.05 + step * 0.11)]);
    expect(new Set(play(new ObjectTracker(), fast).flat())).toEqual(new Set([1]));
  });

  it('takes no person for a car, but a car for a truck, and names it by what most was seen', () => {
    const tracker = new ObjectTracker();
    play(tracker, [
      [thing(0.4, { label: 'truck' })],
      [thing(0.4, { label: 'car' })],
      [thing(0.4, { label: 'car' }), thing(0.43)],
    ]);
    const tracks = tracker.update([thing(0.4, { label: 'car' }), thing(0.43)], 600);
    expect(tracks.map(({ id, label, hits }) => [id, label, hits])).toEqual([
      [1, 'car', 4],
      [2, 'person', 2],
    ]);
  });

  it('goes on with a dog that the detector takes for a sheep now and then: one animal, not two', () => {
    const labels = ['dog', 'sheep', 'dog', 'dog', 'sheep', 'sheep', 'dog'];
    const tracker = new ObjectTracker();
    const frames = labels.map((label, step) => [thing(0.3 + step * 0.005, { label })]);
    expect(new Set(play(tracker, frames).flat())).toEqual(new Set([1]));
    expect(tracker.end().map(({ id, label }) => [id, label])).toEqual([[1, 'dog']]);
  });

  it('keeps the rider and the bicycle apart', () => {
    const bicycle = (x: number) => thing(x, { label: 'bicycle', box: [x - 0.05, 0.5, 0.2, 0.25] });
    const frames = steps(8).map((step) => [thing(0.2 + step * 0.02), bicycle(0.2 + step * 0.02)]);
    const half = frames.map((frame, step) => (step % 3 === 2 ? frame.slice(1) : frame));
    const ids = play(new ObjectTracker(), half);
    expect(ids[2]).toEqual([2]);
    expect(ids.at(-2)).toEqual([1, 2]);
  });

  it('takes the torso of a known one for no second one, but a child before its mother for one', () => {
    const torso = thing(0.4, { box: [0.4, 0.5, 0.1, 0.2], score: 0.6 });
    const child = thing(0.4, { box: [0.41, 0.45, 0.06, 0.25] });
    const tracker = new ObjectTracker();
    play(
      tracker,
      steps(6).map(() => [thing(0.4), torso, child]),
    );
    expect(tracker.end().map(({ id }) => id)).toEqual([1, 2]);
  });

  it('gives what it knows no second track when the detector names it in two ways at once', () => {
    const boat = thing(0.4, { label: 'boat', box: [0.4, 0.31, 0.1, 0.39], score: 0.7 });
    const tracker = new ObjectTracker();
    const car = thing(0.4, { label: 'car' });
    play(tracker, [[car], [car], [car], [car, boat], [car, boat], [car, boat], [car, boat]]);
    expect(tracker.end().map(({ label }) => label)).toEqual(['car']);
  });

  it('tells nobody of a chair that looks a little like a person, until it looks more like one', () => {
    const chair = thing(0.9, { score: 0.45 });
    const tracker = new ObjectTracker();
    const seen = steps(20).map((step) => tracker.update([chair], step * INTERVAL_MS).at(-1)?.state);
    expect(new Set(seen)).toEqual(new Set(['tentative']));
    expect(tracker.update([{ ...chair, score: 0.55 }], 4_000)).toMatchObject([{ id: 1, state: 'confirmed' }]);
  });

  it('gives who walks past a coat rack none of the hours that it looked a little like a person', () => {
    const rack = thing(0.4, { score: 0.43 });
    const faint = thing(0.4, { score: 0.3 });
    const passing = thing(0.45, { score: 0.8 });
    for (const waits of [rack, faint]) {
      const tracker = new ObjectTracker();
      play(tracker, [[rack], ...steps(100).map(() => [waits])]);
      const [seen] = tracker.update([passing], 20_200);
      expect(seen).toMatchObject({ id: 1, firstSeenMs: 18_200, hits: 11 });
      expect(seen?.state).toBe(waits === faint ? 'tentative' : 'confirmed');
      const [later] = steps(3).flatMap((step) => tracker.update([passing], 20_400 + step * INTERVAL_MS));
      expect(later?.firstSeenMs).toBeGreaterThanOrEqual(18_200);
    }
  });

  it('names what passes by what it is, not by what stood there', () => {
    const tracker = new ObjectTracker();
    play(
      tracker,
      steps(100).map(() => [thing(0.4, { label: 'sheep', score: 0.43 })]),
    );
    play(
      tracker,
      steps(12).map(() => [thing(0.4, { label: 'dog', score: 0.8 })]),
      20_000,
    );
    expect(tracker.end()).toMatchObject([{ label: 'dog' }]);
  });

  it('counts what it is never quite sure of, when it moves: from where it was first seen, also through faint looks', () => {
    const scores = [0.44, 0.3, 0.26, 0.3, 0.2, 0.41, 0.3, 0.45, 0.2];
    const tracker = new ObjectTracker();
    play(
      tracker,
      scores.map((score, step) => [thing(0.2 + step * 0.02, { score })]),
    );
    expect(tracker.end()).toMatchObject([{ id: 1, firstSeenMs: 0 }]);
  });

  it('tells a speed by which a box can be drawn, whatever the intervals', () => {
    const tracker = new ObjectTracker();
    const timesMs = [0, 150, 420, 500, 800, 1_000, 1_270, 1_400, 1_650, 1_800];
    const tracks = timesMs.map((timeMs) => tracker.update([thing(0.1 + timeMs * 1e-4)], timeMs));
    expect(tracks.at(-1)?.[0]?.velocity[0]).toBeCloseTo(0.1, 2);
    expect(tracks.at(-1)?.[0]?.velocity[1]).toBeCloseTo(0, 2);
  });

  it('holds what stands still while nobody looks', () => {
    const tracker = new ObjectTracker();
    play(
      tracker,
      steps(4).map(() => [thing(0.4)]),
    );
    expect(tracker.hold(10_000)).toMatchObject([
      { id: 1, state: 'confirmed', lastSeenMs: 10_000, velocity: [0, 0] },
    ]);
    expect(play(tracker, [[thing(0.4)]], 10_200)).toEqual([[1]]);
    expect(tracker.isFollowing).toBe(true);
  });
});

function box(x: number, y: number): Box {
  return [x, y, 0.1, 0.4];
}
