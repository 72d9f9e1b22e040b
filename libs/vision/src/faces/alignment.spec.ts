import { cosine, normalised } from '@camfleet/domain';
import { alignFace, fitSimilarity } from './alignment';
import { DEFAULT_MODELS } from '../models/catalogue';
import type { PixelPoint } from './five-points';

const rounded = (values: object) => Object.values(values).map((value) => Math.round(value * 1e6) / 1e6 + 0);

describe('fitSimilarity: a wrong fit turns every face away and nobody is recognised', () => {
  it('finds a turn by 90°, doubled, moved by (3, 4)', () => {
    const from: PixelPoint[] = [[0, 0], [1, 0], [0, 1]]; // prettier-ignore
    const to: PixelPoint[] = [[3, 4], [3, 6], [1, 4]]; // prettier-ignore
    expect(rounded(fitSimilarity(from, to))).toEqual([0, 2, 3, 4]);
  });

  it('takes the least squares where no similarity fits', () => {
    // Centred, Σ conj(p)·q = 1·1 + 1·1 + 1·3 + 1·3 = 8 over Σ |p|² = 4.
    const from: PixelPoint[] = [[-1, 0], [1, 0], [0, -1], [0, 1]]; // prettier-ignore
    const to: PixelPoint[] = [[-1, 0], [1, 0], [0, -3], [0, 3]]; // prettier-ignore
    expect(rounded(fitSimilarity(from, to))).toEqual([2, 0, 0, 0]);
  });

  it('never mirrors', () => {
    const from: PixelPoint[] = [[-1, -1], [1, -1], [1, 1], [-1, 1]]; // prettier-ignore
    const to = from.map(([x, y]) => [-x, y] as const);
    expect(rounded(fitSimilarity(from, to))).toEqual([0, 0, 0, 0]);
  });
});

describe('alignFace', () => {
  /** Red tells the column, green the row, blue is 255. */
  const image = { width: 120, height: 120, data: new Uint8Array(120 * 120 * 3) };
  for (let index = 0; index < 120 * 120; index += 1) {
    image.data.set([index % 120, Math.floor(index / 120), 255], index * 3);
  }
  const plane = 112 * 112;
  const { input } = DEFAULT_MODELS.faceEmbedder;

  it('gives planes in the order B, G, R, each pixel from where it came', () => {
    const tensor = new Float32Array(3 * plane);
    expect(alignFace(image, { a: 1, b: 0, x0: -5, y0: -2 }, { input, tensor })).toBe(true);
    const at = 30 * 112 + 10;
    expect(tensor[at]).toBe(1);
    expect(tensor[at + plane]).toBe((32 - 127) / 128);
    expect(tensor[at + 2 * plane]).toBe((15 - 127) / 128);
  });

  it('interpolates between pixels and is black beyond the picture', () => {
    const tensor = new Float32Array(3 * plane);
    alignFace(image, { a: 2, b: 0, x0: 20, y0: 20 }, { input, tensor });
    expect(tensor[(20 + 6) * 112 + 20 + 5 + 2 * plane]).toBe((2.5 - 127) / 128);
    expect(tensor[2 * plane]).toBe(-127 / 128);
  });

  it('refuses points that fell together', () => {
    const tensor = new Float32Array(3 * plane);
    expect(alignFace(image, { a: 0, b: 0, x0: 0, y0: 0 }, { input, tensor })).toBe(false);
  });
});

it('brings vectors to length 1, so that a dot product is a cosine', () => {
  const vector = normalised(Float32Array.of(3, 4));
  expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
  expect(cosine(vector, Float32Array.of(1, 0))).toBeCloseTo(0.6, 6);
  expect([...normalised(new Float32Array(2))]).toEqual([0, 0]);
});
