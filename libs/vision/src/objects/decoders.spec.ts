import { decodeCenternet } from './centernet';
import { COCO_CLASSES } from '@camfleet/domain';
import { decodeNanodet } from './nanodet';
import { type Candidate, toDetections } from './object-detection';
import { decodeYolox } from './yolox';

const INPUT = { width: 32, height: 16 };
const TYPES = 3;
const wanted = { minScore: 0.4, types: [0, 2] };
const request = { input: INPUT, types: TYPES, wanted };

/** Outputs by name, all nought but for what is set. */
function outputs(sizes: Record<string, number>, set: Record<string, Record<number, number>>) {
  const all = Object.fromEntries(
    Object.entries(sizes).map(([name, count]) => {
      const data = new Float32Array(count);
      for (const [at, value] of Object.entries(set[name] ?? {})) data[Number(at)] = value;
      return [name, data];
    }),
  );
  return (name: string) => all[name] ?? new Float32Array(0);
}

describe('decoders put boxes where the model saw something', () => {
  it('NanoDet: expected distances from the middle of a cell', () => {
    const decoder = { strides: [8], scores: ['s'], distances: ['d'], bins: 3 };
    // Cell 6 lies in the second row, third column: its middle is 20, 12. One bin stands out: 1, 2, 0, 1 strides.
    const sides = [1, 2, 0, 1].map((bin, side) => [(6 * 4 + side) * 3 + bin, 50]);
    const output = outputs(
      { s: 8 * TYPES, d: 8 * 4 * 3 },
      { s: { [6 * TYPES + 2]: 0.9, [1 * TYPES + 1]: 0.95 }, d: Object.fromEntries(sides) },
    );
    expect(decodeNanodet(output, decoder, request)).toEqual([
      {
        left: expect.closeTo(12),
        top: expect.closeTo(-4),
        right: expect.closeTo(20),
        bottom: expect.closeTo(20),
        score: expect.closeTo(0.9),
        type: 2,
      },
    ]);
  });

  it('CenterNet: peaks alone', () => {
    const decoder = { keypoints: 'k', peaks: 'p', sides: 's' };
    // Cell 11 of 8 x 4 is at 12, 4; cell 12 is its neighbour, and lower.
    const output = outputs(
      { k: 32 * TYPES, p: 32 * TYPES, s: 32 * 4 },
      {
        k: { [11 * TYPES]: 0.75, [12 * TYPES]: 0.5 },
        p: { [11 * TYPES]: 0.75, [12 * TYPES]: 0.75 },
        s: { 44: 2, 45: 3, 46: 4, 47: 5 },
      },
    );
    expect(decodeCenternet(output, decoder, request)).toEqual([
      { left: 10, top: 1, right: 16, bottom: 9, score: 0.75, type: 0 },
    ]);
  });

  it('YOLOX: offsets and logarithms, stride by stride', () => {
    const width = 5 + TYPES;
    // 4 x 2 cells of stride 8, then 2 x 1 of stride 16: row 9 is the second of those.
    const row = [0.5, 0.25, Math.log(1), Math.log(0.5), 0.8, 0.2, 1, 0.9];
    const numbers = row.map((value, index) => [9 * width + index, value]);
    const output = outputs({ output: 10 * width }, { output: Object.fromEntries(numbers) });
    expect(decodeYolox(output, { strides: [8, 16], output: 'output' }, request)).toEqual([
      {
        left: expect.closeTo(16),
        right: expect.closeTo(32),
        top: expect.closeTo(0),
        bottom: expect.closeTo(8),
        score: expect.closeTo(0.72),
        type: 2,
      },
    ]);
  });
});

describe('toDetections', () => {
  const at = (left: number, score: number, type: number): Candidate => ({
    left,
    top: 2,
    right: left + 10,
    bottom: 12,
    score,
    type,
  });
  const finish = { picture: { width: 20, height: 10 }, labels: COCO_CLASSES, maxOverlap: 0.5 };
  const [PERSON, CAR, TRUCK] = ['person', 'car', 'truck'].map((label) => COCO_CLASSES.indexOf(label));

  it('keeps one box of an object, also where a model takes a car for a truck', () => {
    const found = toDetections(
      [at(0, 0.6, TRUCK ?? 0), at(1, 0.9, CAR ?? 0), at(1, 0.5, PERSON ?? 0), at(12, 0.7, CAR ?? 0)],
      finish,
    );
    expect(found.map(({ label, score }) => [label, score])).toEqual([
      ['car', 0.9],
      ['car', 0.7],
      ['person', 0.5],
    ]);
  });

  it('cuts boxes off at the picture, whose bars are no part of it', () => {
    expect(toDetections([at(15, 0.9, 0)], finish)[0]?.box).toEqual([0.75, 0.2, 0.25, 0.8]);
    expect(toDetections([at(25, 0.9, 0)], finish)).toEqual([]);
  });
});
