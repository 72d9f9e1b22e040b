import { decodeDetections, suppressOverlaps } from './detection';

describe('decodeDetections', () => {
  it('maps corners of the letterboxed input back to the frame', () => {
    // A 16:9 frame fills 320 x 180 of 320 x 240: rows 45 to 90 are a quarter to a half of it.
    const corners = Float32Array.of(0.25, 45 / 240, 0.5, 90 / 240);
    const [face] = decodeDetections(Float32Array.of(0.1, 0.9), corners, { width: 320, height: 180 });
    expect(face?.score).toBeCloseTo(0.9, 6);
    [0.25, 0.25, 0.25, 0.25].forEach((value, index) => expect(face?.box[index]).toBeCloseTo(value, 6));
  });

  it('drops what is too uncertain, and what lies in the grey bar', () => {
    const corners = Float32Array.of(0.1, 0.1, 0.2, 0.2, 0.1, 0.8, 0.2, 0.9);
    const scores = Float32Array.of(0.36, 0.64, 0, 1);
    expect(decodeDetections(scores, corners, { width: 320, height: 180 })).toEqual([]);
  });

  it('keeps boxes inside the frame, as events must bear them', () => {
    const corners = Float32Array.of(-0.1, -0.1, 0.5, 1.2);
    const [face] = decodeDetections(Float32Array.of(0, 1), corners, { width: 320, height: 240 });
    expect(face?.box).toEqual([0, 0, 0.5, 1]);
  });
});

it('shows one box for one face, and two for two that touch', () => {
  const best = { box: [0, 0, 0.4, 0.4], score: 0.9 } as const;
  const same = { box: [0.1, 0, 0.4, 0.4], score: 0.8 } as const; // 0.12 / 0.20 = 0.6
  const beside = { box: [0.3, 0, 0.4, 0.4], score: 0.7 } as const; // 0.04 / 0.28 = 0.14
  expect(suppressOverlaps([beside, same, best], 0.3)).toEqual([best, beside]);
});
