import type { LookedTrack } from '@camfleet/database';
import { sameFace } from './same-face';

const ADA = Float32Array.of(1, 0);
const BOB = Float32Array.of(0, 1);

/** A face that goes to the right, a width a second, seen so often a second. */
function track(change: Partial<LookedTrack> & { fps?: number; x?: number } = {}): LookedTrack {
  const { startMs = 1_000, endMs = 5_000, fps = 5, x = 0.1, ...rest } = change;
  const boxes = [];
  for (let timestampMs = startMs; timestampMs <= endMs; timestampMs += 1_000 / fps)
    boxes.push({ timestampMs, box: [x + timestampMs / 10_000, 0.2, 0.1, 0.15] });
  const looks = { model: 'm', modelVersion: '1', embedding: ADA };
  return { eventTrackId: 't', startMs, endMs, boxes, ...looks, ...rest };
}
const isSame = (a: LookedTrack, b: LookedTrack) => sameFace(a, b) !== null;

describe('one face in two runs over a video', () => {
  it('is the one that is at the same place at the same moments, however often each run looked', () => {
    expect(isSame(track(), track())).toBe(true);
    expect(isSame(track({ fps: 5 }), track({ fps: 1 }))).toBe(true);
    expect(isSame(track(), track({ startMs: 1_200, endMs: 4_400 }))).toBe(true);
    expect(sameFace(track(), track())).toBeGreaterThan(sameFace(track(), track({ x: 0.12 })) ?? 2);
  });

  it('is each part of a face that one of them lost on the way', () => {
    expect(isSame(track(), track({ endMs: 2_500 }))).toBe(true);
    expect(isSame(track(), track({ startMs: 3_000 }))).toBe(true);
  });

  it('is not who comes to the same place later', () => {
    expect(isSame(track({ endMs: 3_000 }), track({ startMs: 3_200, endMs: 9_000 }))).toBe(false);
  });

  it('is not who looks otherwise, and is who looks alike wherever the boxes lie', () => {
    expect(isSame(track(), track({ embedding: BOB }))).toBe(false);
    expect(isSame(track(), track({ x: 0.6 }))).toBe(true);
  });

  it('goes by the place alone where looks cannot be compared', () => {
    const other = { model: 'm', modelVersion: '2', embedding: BOB };
    expect(isSame(track(), track(other))).toBe(true);
    expect(isSame(track(), track({ ...other, x: 0.6 }))).toBe(false);
    expect(isSame(track(), track({ embedding: new Float32Array(0), x: 0.17 }))).toBe(false);
  });
});
