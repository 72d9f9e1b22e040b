import type { PixelPoint } from './five-points';
import { headPose, laplacianRatio, qualityBound, qualityScore, sharpnessOf } from './quality';

/** Eyes' outer corners, corners of the mouth, tip of the nose; y up, z towards the camera. */
const HEAD = new Map([
  [36, [-225, 170, -135]],
  [45, [225, 170, -135]],
  [48, [-150, -150, -125]],
  [54, [150, -150, -125]],
  [30, [0, 0, 0]],
]);
const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** The head turned (right, up, clockwise) and seen from afar, as pixels of a picture. */
function seen({ yaw = 0, pitch = 0, roll = 0 }): PixelPoint[] {
  const points: PixelPoint[] = Array.from({ length: 68 }, () => [0, 0]);
  for (const [index, [x = 0, y = 0, z = 0]] of HEAD) {
    const [up, front] = [
      y * Math.cos(radians(pitch)) + z * Math.sin(radians(pitch)),
      z * Math.cos(radians(pitch)) - y * Math.sin(radians(pitch)),
    ];
    const right = x * Math.cos(radians(yaw)) + front * Math.sin(radians(yaw));
    const [c, s] = [Math.cos(radians(roll)), Math.sin(radians(roll))];
    points[index] = [500 + right * c + up * s, 400 + right * s - up * c];
  }
  return points;
}

describe('headPose: a wrong pose makes a profile the best picture of a visit', () => {
  it.each([
    {},
    { yaw: 30 },
    { yaw: -45 },
    { pitch: 20 },
    { pitch: -25 },
    { roll: 35 },
    { yaw: 25, roll: -20 },
  ])('finds %p', (turn) => {
    const pose = headPose(seen(turn));
    const { yaw = 0, pitch = 0, roll = 0 } = { ...turn };
    expect(Math.abs(pose.yaw - yaw)).toBeLessThan(2);
    expect(Math.abs(pose.pitch - pitch)).toBeLessThan(2);
    expect(Math.abs(pose.roll - roll)).toBeLessThan(2);
  });
});

describe('sharpness', () => {
  const picture = (value: (x: number, y: number) => number) =>
    Float32Array.from({ length: 64 }, (_, index) => value(index % 8, Math.floor(index / 8)));

  it('is the variance of the Laplacian over that of the picture', () => {
    // A chessboard of 0 and 1: Laplacian ±4, variance 16; its own variance 1/4.
    expect(
      laplacianRatio(
        picture((x, y) => (x + y) % 2),
        8,
      ),
    ).toBeCloseTo(64, 6);
    expect(
      laplacianRatio(
        picture((x) => x / 8),
        8,
      ),
    ).toBeCloseTo(0, 6);
    expect(
      laplacianRatio(
        picture(() => 0.5),
        8,
      ),
    ).toBe(0);
  });

  it('does not change with the light', () => {
    const wave = (gain: number) => picture((x, y) => gain * Math.sin(x * 0.3) * Math.cos(y * 0.2));
    expect(sharpnessOf(wave(0.2), 8)).toBeCloseTo(sharpnessOf(wave(0.9), 8), 5);
  });
});

describe('qualityScore', () => {
  const ideal = { heightPx: 150, sharpness: 1, exposure: 1, yaw: 0, pitch: 0, roll: 30, cutOff: false };

  it('is 1 for a large, sharp, frontal face', () => expect(qualityScore(ideal)).toBe(1));

  it('is the product that its description states', () => {
    const pose = { yaw: -15, pitch: 30, roll: 0 };
    const face = { heightPx: 56, sharpness: 0.5, exposure: 0.75, ...pose, cutOff: true };
    expect(qualityScore(face)).toBeCloseTo(0.5 * 0.6 * 0.8 * (0.8 * 0.5) * 0.5, 6);
  });

  it('never exceeds the bound that decides whether a face is looked at', () => {
    expect(qualityBound({ heightPx: 56, cutOff: true })).toBe(0.25);
    expect(qualityScore({ ...ideal, heightPx: 56, cutOff: true })).toBeLessThanOrEqual(0.25);
  });
});
