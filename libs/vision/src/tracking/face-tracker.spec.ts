import type { Box } from '@camfleet/domain';
import { FaceTracker } from './face-tracker';
import { predictBox } from './track';

const INTERVAL_MS = 200;
const face = (x: number, y = 0.4): { box: Box; score: number } => ({ box: [x, y, 0.1, 0.15], score: 0.9 });

/** Plays frames of faces, 5 a second. @returns per frame the id of each face's track, by its place in the frame */
function play(
  tracker: FaceTracker,
  frames: readonly (readonly { box: Box; score: number }[])[],
  startMs = 0,
) {
  return frames.map((faces, index) => {
    const tracks = tracker.update(faces, startMs + index * INTERVAL_MS);
    return faces.map((_, detection) => tracks.find((track) => track.detection === detection)?.id);
  });
}

const still = (count: number, x = 0.4) => Array.from({ length: count }, () => [face(x)]);
const nobody = (count: number) => Array.from({ length: count }, () => []);

describe('FaceTracker: one person passing is one visit', () => {
  it('confirms at the third sighting', () => {
    const tracker = new FaceTracker();
    const states = still(3).map((faces, index) => tracker.update(faces, index * INTERVAL_MS)[0]?.state);
    expect(states).toEqual(['tentative', 'tentative', 'confirmed']);
  });

  it('makes no visit of a flicker', () => {
    const tracker = new FaceTracker();
    play(tracker, [[face(0.4)], ...nobody(5)]);
    expect(tracker.update([], 1_200)).toEqual([]);
    expect(tracker.end()).toEqual([]);
  });

  it('follows a walk of one face width a frame', () => {
    const ids = play(
      new FaceTracker(),
      Array.from({ length: 8 }, (_, step) => [face(0.05 + step * 0.1)]),
    );
    expect(new Set(ids.flat())).toEqual(new Set([1]));
  });

  it('keeps two people apart who cross, one hidden while they do', () => {
    const left = (step: number) => face(0.1 + step * 0.08, 0.4);
    const right = (step: number) => face(0.82 - step * 0.08, 0.42);
    const steps = Array.from({ length: 10 }, (_, step) => step);
    const ids = play(
      new FaceTracker(),
      steps.map((step) => (step === 4 || step === 5 ? [left(step)] : [left(step), right(step)])),
    );
    expect(ids[0]).toEqual([1, 2]);
    expect(ids[9]).toEqual([1, 2]);
  });

  it('goes on after 1.6 s behind a pillar', () => {
    const ids = play(new FaceTracker(), [...still(4), ...nobody(7), [face(0.42)]]);
    expect(ids.at(-1)).toEqual([1]);
  });

  it('ends after more than 2 s, tells so once, and begins anew', () => {
    const tracker = new FaceTracker();
    play(tracker, still(4));
    expect(tracker.update([], 700)[0]?.state).toBe('lost');
    const [ended, ...others] = tracker.update([face(0.4)], 3_000).reverse();
    expect(ended).toMatchObject({ id: 1, state: 'ended', lastSeenMs: 600, hits: 4 });
    expect(others).toMatchObject([{ id: 2, state: 'tentative' }]);
    expect(tracker.update([face(0.4)], 3_200).map(({ id }) => id)).toEqual([2]);
  });

  it('takes a face that appears across the picture for somebody else', () => {
    const ids = play(new FaceTracker(), [...still(4, 0.1), [face(0.8)]]);
    expect(ids.at(-1)).toEqual([2]);
  });

  it('takes a face of thrice the size for somebody else', () => {
    const tracker = new FaceTracker();
    play(tracker, still(4));
    const tracks = tracker.update([{ box: [0.3, 0.25, 0.3, 0.45], score: 0.9 }], 800);
    expect(tracks.find(({ detection }) => detection === 0)?.id).toBe(2);
  });

  it('tells a speed by which a box can be drawn between analyses', () => {
    const tracker = new FaceTracker();
    play(tracker, [[face(0.1)], [face(0.12)], [face(0.14)]]);
    const [track] = tracker.update([face(0.16)], 600);
    expect(track?.velocity[0]).toBeCloseTo(0.1, 6);
    expect(track && predictBox(track, 800)[0]).toBeCloseTo(0.18, 6);
  });

  it('ends what was confirmed when it is told to', () => {
    const tracker = new FaceTracker();
    play(tracker, [...still(3), [face(0.4), face(0.8)]]);
    expect(tracker.end()).toMatchObject([{ id: 1, state: 'ended' }]);
    expect(tracker.end()).toEqual([]);
  });
});
