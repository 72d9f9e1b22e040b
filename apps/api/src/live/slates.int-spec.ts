import { GLYPH_HEIGHT, GLYPH_WIDTH, glyphsOf } from '@camfleet/domain';
import { decodeImage } from '@camfleet/testing';
import { flatJpeg } from './flat-jpeg';
import { slatePart } from './slates';

const BLOCK = 8;

/** Brightnesses of the middles of all 8 × 8 blocks, as a real decoder sees them. */
async function blocksOf(jpeg: Buffer): Promise<number[][]> {
  const { data, width, height } = await decodeImage(jpeg);
  return Array.from({ length: height / BLOCK }, (_, row) =>
    Array.from(
      { length: width / BLOCK },
      (_unused, column) => data[((row * BLOCK + 4) * width + column * BLOCK + 4) * 3] ?? -1,
    ),
  );
}

/** True when the text stands somewhere in the picture, a block for each pixel of the font. */
function isIn(blocks: readonly number[][], text: string): boolean {
  const lit = glyphsOf(text).flatMap((glyph, at) =>
    glyph.flatMap((bits, y) =>
      Array.from({ length: GLYPH_WIDTH }, (_, x) => ({
        x: at * (GLYPH_WIDTH + 1) + x,
        y,
        on: (bits & (1 << (GLYPH_WIDTH - 1 - x))) !== 0,
      })),
    ),
  );
  return blocks.some((_, top) =>
    (blocks[top] ?? []).some(
      (_unused, left) =>
        top + GLYPH_HEIGHT <= blocks.length &&
        lit.every(({ x, y, on }) => (blocks[top + y]?.[left + x] ?? 0) > 128 === on),
    ),
  );
}

describe('a slate of the API', () => {
  it('can be read: what is waited for, and when the last picture was', async () => {
    const { jpeg, slate, timestampMs } = slatePart('reconnecting', Date.UTC(2026, 10, 21, 7, 45, 20, 999));
    expect({ slate, timestampMs }).toEqual({
      slate: true,
      timestampMs: Date.UTC(2026, 10, 21, 7, 45, 20, 999),
    });
    const blocks = await blocksOf(jpeg);
    expect([blocks[0]?.length, blocks.length]).toEqual([80, 45]);
    for (const line of ['RECONNECTING', 'LAST PICTURE', '2026-11-21', '07:45:20 UTC'])
      expect([line, isIn(blocks, line)]).toEqual([line, true]);
    expect(isIn(blocks, 'MOVING')).toBe(false);
  });

  it('says no time when there was no picture', async () => {
    const { jpeg, timestampMs } = slatePart('waiting', undefined);
    const blocks = await blocksOf(jpeg);
    expect([isIn(blocks, 'WAITING FOR'), isIn(blocks, 'LAST PICTURE'), timestampMs]).toEqual([
      true,
      false,
      0,
    ]);
  });

  it('has every brightness as it was drawn, however far from its neighbour', async () => {
    const picture = Array.from({ length: 16 }, (_, row) =>
      Array.from({ length: 32 }, (_unused, column) => (row * 32 + column * 157) % 256),
    );
    const seen = await blocksOf(flatJpeg(picture));
    for (const [row, brightnesses] of picture.entries())
      for (const [column, brightness] of brightnesses.entries())
        expect(Math.abs((seen[row]?.[column] ?? -1) - brightness)).toBeLessThanOrEqual(1);
  });
});
