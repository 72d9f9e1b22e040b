import { BUILT_IN_MODELS, DEFAULT_MODELS } from '../models/catalogue';
import { FaceDetectorEntry } from '../models/entry';
import { decodeFaces, suppressOverlaps } from './detection';

const outputs = (named: Record<string, Float32Array>) => (name: string) => named[name] ?? new Float32Array();

describe('corners', () => {
  const decode = (scores: Float32Array, boxes: Float32Array, height = 180) =>
    decodeFaces(DEFAULT_MODELS.faceDetector, {
      output: outputs({ scores, boxes }),
      picture: { width: 320, height },
    });

  it('maps corners of the letterboxed input back to the frame', () => {
    // A 16:9 frame fills 320 x 180 of 320 x 240: rows 45 to 90 are a quarter to a half of it.
    const [face] = decode(Float32Array.of(0.1, 0.9), Float32Array.of(0.25, 45 / 240, 0.5, 90 / 240));
    expect(face?.score).toBeCloseTo(0.9, 6);
    [0.25, 0.25, 0.25, 0.25].forEach((value, index) => expect(face?.box[index]).toBeCloseTo(value, 6));
  });

  it('drops what is too uncertain, and what lies in the grey bar', () => {
    const corners = Float32Array.of(0.1, 0.1, 0.2, 0.2, 0.1, 0.8, 0.2, 0.9);
    expect(decode(Float32Array.of(0.36, 0.64, 0, 1), corners)).toEqual([]);
  });

  it('keeps boxes inside the frame, as events must bear them', () => {
    const [face] = decode(Float32Array.of(0, 1), Float32Array.of(-0.1, -0.1, 0.5, 1.2), 240);
    expect(face?.box).toEqual([0, 0, 0.5, 1]);
  });
});

it('YuNet: reads centre, size and points of a cell, in fractions of the frame', () => {
  const yunet = FaceDetectorEntry.parse(BUILT_IN_MODELS.find(({ id }) => id === 'yunet'));
  // The cell in column 20, row 10 of stride 16, of 40 columns; a 16:9 frame fills 640 x 360.
  const cell = 10 * 40 + 20;
  const of = (numbers: number, values: number[]) => {
    const tensor = new Float32Array(1600 * numbers);
    tensor.set(values, cell * numbers);
    return tensor;
  };
  const [face, ...others] = decodeFaces(yunet, {
    output: outputs({
      cls_16: of(1, [0.81]),
      obj_16: of(1, [1]),
      bbox_16: of(4, [0.5, 0.25, Math.log(4), Math.log(6)]),
      kps_16: of(10, [-1, -1, 2, -1, 0.5, 0, -0.5, 1.5, 1.5, 1.5]),
    }),
    picture: { width: 640, height: 360 },
  });
  expect(others).toEqual([]);
  expect(face?.score).toBeCloseTo(0.9, 5);
  const centre = [20.5 * 16, 10.25 * 16];
  [(centre[0] ?? 0) - 32, 64, (centre[1] ?? 0) - 48, 96].forEach((pixels, index) => {
    const [x, width, y, height] = [0, 2, 1, 3].map((at) => face?.box[at]);
    expect([x, width, y, height][index]).toBeCloseTo(pixels / (index < 2 ? 640 : 360), 5);
  });
  expect(face?.points?.[0]).toEqual([(19 * 16) / 640, (9 * 16) / 360]);
  expect(face?.points?.[4]).toEqual([(21.5 * 16) / 640, (11.5 * 16) / 360]);
});

it('shows one box for one face, and two for two that touch', () => {
  const best = { box: [0, 0, 0.4, 0.4], score: 0.9 } as const;
  const same = { box: [0.1, 0, 0.4, 0.4], score: 0.8 } as const; // 0.12 / 0.20 = 0.6
  const beside = { box: [0.3, 0, 0.4, 0.4], score: 0.7 } as const; // 0.04 / 0.28 = 0.14
  expect(suppressOverlaps([beside, same, best], 0.3)).toEqual([best, beside]);
});
