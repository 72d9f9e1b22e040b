import type { Box, PixelRect, Size } from '@camfleet/domain';
import type { PictureInput } from '../models/picture-input';
import { fitInput } from '../pictures/letterbox';
import { type FaceDetection, suppressOverlaps } from './detection';
import { mapPoints } from './five-points';

/**
 * The height in the detector's input from which it finds nearly every face: of 40 px in a frame of 640 x 360, which
 * are 20 in an input of 320 x 180, 99 %; of 30, 86 %.
 */
const FOUND_HEIGHT_PX = 20;
/** What a tile shows beside the smallest face at its edge. */
const OVERLAP = 1.25;
/** More would keep the other cameras waiting: 16 detections take 70 ms of a core. */
const MAX_TILES = 16;

/**
 * Which parts of a frame to look at one by one so that faces from `minFaceHeightPx` on are found: the whole frame
 * alone where that does, else overlapping tiles, each of which gives the detector such a face at a size that it
 * finds, and the whole frame for the faces that are larger than a tile. Each face up to the overlap lies whole in
 * one of them. At most 16 tiles: beyond, they are as large as that allows and smaller faces are missed.
 * @param frame of the source, in pixels, as is `minFaceHeightPx`; 0: nobody asked for small faces
 * @returns pixels of the frame, the whole of it first
 */
export function planTiles(frame: Size, minFaceHeightPx: number, input: PictureInput): PixelRect[] {
  const whole = { x: 0, y: 0, ...frame };
  if (minFaceHeightPx <= 0) return [whole];
  const scaleNeeded = FOUND_HEIGHT_PX / minFaceHeightPx;
  if (fitInput(frame, input).height / frame.height >= scaleNeeded) return [whole];
  const overlap = OVERLAP * minFaceHeightPx;
  for (let shrink = scaleNeeded; ; shrink *= 0.9) {
    const columns = spans(frame.width, input.width / shrink, overlap);
    const rows = spans(frame.height, input.height / shrink, overlap);
    if (columns.length * rows.length > MAX_TILES) continue;
    if (columns.length * rows.length === 1) return [whole];
    const tiles = rows.flatMap(([y, height]) => columns.map(([x, width]) => ({ x, y, width, height })));
    return [whole, ...tiles];
  }
}

/** Equal spans of at most `length` that overlap by at least `overlap`; even, as chroma planes want it. */
function spans(extent: number, length: number, overlap: number): [start: number, length: number][] {
  if (length >= extent) return [[0, extent]];
  const step = Math.max(2, length - overlap);
  const count = Math.ceil((extent - length) / step) + 1;
  const even = 2 * Math.floor(length / 2);
  return Array.from({ length: count }, (_, index) => [
    2 * Math.floor((index * (extent - even)) / (count - 1) / 2),
    even,
  ]);
}

export interface TileDetections {
  tile: PixelRect;
  /** In fractions of the tile. */
  detections: readonly FaceDetection[];
}

/** Nearer to the inner edge of a tile than this share of it, a face may be cut; another tile has it whole. */
const EDGE = 0.004;

/**
 * What was found in the tiles, in fractions of the frame, each face once, best first. Of a face that an inner edge
 * cuts the part is dropped where another tile shows more of it.
 */
export function mergeTileDetections(found: readonly TileDetections[], frame: Size): FaceDetection[] {
  const all = found.flatMap(({ tile, detections }) =>
    detections.map((detection) => ({
      ...inFrame(detection, tile, frame),
      isCut: isCut(detection, tile, frame),
    })),
  );
  const whole = suppressOverlaps(
    all.filter((face) => !face.isCut),
    MAX_OVERLAP,
  );
  const cut = all.filter(
    (face) => face.isCut && whole.every(({ box }) => coverOf(face.box, box) < MAX_COVER),
  );
  return [...whole, ...suppressOverlaps(cut, MAX_OVERLAP)]
    .map(({ box, score, points }) => ({ box, score, ...(points && { points }) }))
    .sort((a, b) => b.score - a.score);
}

const MAX_OVERLAP = 0.3;
/** A part lies within its whole; two faces side by side do not. */
const MAX_COVER = 0.5;

function inFrame({ box, score, points }: FaceDetection, tile: PixelRect, frame: Size): FaceDetection {
  const [width, height] = [tile.width / frame.width, tile.height / frame.height];
  const [left, top] = [tile.x / frame.width, tile.y / frame.height];
  return {
    box: [left + box[0] * width, top + box[1] * height, box[2] * width, box[3] * height],
    score,
    ...(points && { points: mapPoints(points, ([x, y]) => [left + x * width, top + y * height]) }),
  };
}

function isCut({ box: [x, y, width, height] }: FaceDetection, tile: PixelRect, frame: Size): boolean {
  return (
    (x < EDGE && tile.x > 0) ||
    (y < EDGE && tile.y > 0) ||
    (x + width > 1 - EDGE && tile.x + tile.width < frame.width) ||
    (y + height > 1 - EDGE && tile.y + tile.height < frame.height)
  );
}

/** The share of the first box that lies in the second. */
function coverOf(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (a[2] * a[3]);
}
