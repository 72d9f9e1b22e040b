import { DEFAULT_MODELS } from '../models/catalogue';
import { mergeTileDetections, planTiles } from './tiles';

const { input } = DEFAULT_MODELS.faceDetector;
const HD = { width: 1280, height: 720 };

describe('planTiles: a face that no tile shows whole is never found, a tile too many costs every camera', () => {
  it.each([
    [HD, 80],
    [HD, 0],
    [{ width: 640, height: 360 }, 40],
    [{ width: 1920, height: 1080 }, 120],
    [{ width: 320, height: 240 }, 20],
  ])('looks once at %p for faces of %p px', (frame, height) => {
    expect(planTiles(frame, height, input)).toEqual([{ x: 0, y: 0, ...frame }]);
  });

  it.each([
    [HD, 40],
    [{ width: 1920, height: 1080 }, 60],
    [{ width: 1920, height: 1080 }, 40],
    [{ width: 720, height: 1280 }, 30],
  ])('shows every face of %p from %p px on whole and large enough', (frame, height) => {
    const [whole, ...tiles] = planTiles(frame, height, input);
    expect(whole).toEqual({ x: 0, y: 0, ...frame });
    expect(tiles.length).toBeLessThanOrEqual(16);
    for (const tile of tiles) {
      expect(height * Math.min(input.width / tile.width, input.height / tile.height)).toBeGreaterThan(19.8);
      expect([tile.x % 2, tile.y % 2, tile.width % 2, tile.height % 2]).toEqual([0, 0, 0, 0]);
      expect(tile.x + tile.width).toBeLessThanOrEqual(frame.width);
      expect(tile.y + tile.height).toBeLessThanOrEqual(frame.height);
    }
    for (let y = 0; y <= frame.height - height; y += 7) {
      for (let x = 0; x <= frame.width - height; x += 7) {
        const isWhole = tiles.some(
          (tile) =>
            x >= tile.x &&
            y >= tile.y &&
            x + height <= tile.x + tile.width &&
            y + height <= tile.y + tile.height,
        );
        if (!isWhole) throw new Error(`The face at ${x}, ${y} is cut by every tile.`);
      }
    }
  });

  it('stops at 16 tiles, however small the faces', () => {
    const parts = planTiles({ width: 3840, height: 2160 }, 20, input);
    expect(parts.length).toBeGreaterThan(10);
    expect(parts.length).toBeLessThanOrEqual(17);
  });
});

describe('mergeTileDetections', () => {
  const left = { x: 0, y: 0, width: 600, height: 400 };
  const right = { x: 400, y: 0, width: 600, height: 400 };
  const frame = { width: 1000, height: 400 };

  it('shows a face that two tiles found once, where it is in the frame', () => {
    const merged = mergeTileDetections(
      [
        { tile: left, detections: [{ box: [0.75, 0.25, 0.1, 0.2], score: 0.8 }] },
        { tile: right, detections: [{ box: [50 / 600, 0.25, 0.1, 0.2], score: 0.9 }] },
      ],
      frame,
    );
    expect(merged).toHaveLength(1);
    expect(merged[0]?.score).toBe(0.9);
    [0.45, 0.25, 0.06, 0.2].forEach((value, index) => expect(merged[0]?.box[index]).toBeCloseTo(value, 6));
  });

  it('drops the part of a face at an inner edge that another tile shows whole, however sure it is', () => {
    const merged = mergeTileDetections(
      [
        { tile: left, detections: [{ box: [0.95, 0.25, 0.05, 0.2], score: 0.99 }] },
        { tile: right, detections: [{ box: [170 / 600, 0.25, 0.1, 0.2], score: 0.7 }] },
      ],
      frame,
    );
    expect(merged.map(({ score }) => score)).toEqual([0.7]);
  });

  it('keeps a face at the edge of the frame, and two side by side', () => {
    const detections = [
      { box: [0, 0.25, 0.05, 0.2], score: 0.9 },
      { box: [0.1, 0.25, 0.05, 0.2], score: 0.8 },
    ] as const;
    expect(mergeTileDetections([{ tile: left, detections }], frame)).toHaveLength(2);
  });
});
