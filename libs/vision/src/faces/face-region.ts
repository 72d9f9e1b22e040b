import type { Box, PixelRect, Size } from '@camfleet/domain';
import { type FivePoints, mapPoints } from './five-points';

/** The square has room for the chin, the forehead and a turned head. */
const MARGIN = 1.8;
/** At this side a face is about 107 pixels high, close to the 112 of the embedder's template. */
const REGION_SIDE = 192;
/** Closer to the edge of the frame than this share of it, a part of the face may be missing. */
const EDGE = 0.004;
/** The same as a share of the face: the detector draws the box of half a face a little inside of the frame. */
const EDGE_OF_FACE = 0.08;

/** Where a face is to be cut from the frame, and where it then lies in the cut. */
export interface FaceRegion {
  /** A square in pixels of the frame, with an even corner and side; it may reach beyond the frame (black). */
  rect: PixelRect;
  /** The side of the picture to make of it, in pixels. */
  side: number;
  /** The face in that picture, in its pixels and fractions of them. */
  face: PixelRect;
  /** In that picture, in its pixels, where the detector found them. */
  points?: FivePoints;
  /** Height of the face in pixels of the frame. */
  heightPx: number;
  /** The face touches the edge of the frame. */
  cutOff: boolean;
}

/** @param points fractions of the frame, as the detection bears them */
export function faceRegion(box: Box, frame: Size, points?: FivePoints): FaceRegion {
  const [x, y, width, height] = box;
  const face = {
    x: x * frame.width,
    y: y * frame.height,
    width: width * frame.width,
    height: height * frame.height,
  };
  const sidePx = Math.max(2, 2 * Math.round((MARGIN * Math.max(face.width, face.height)) / 2));
  const rect = {
    x: 2 * Math.round((face.x + face.width / 2 - sidePx / 2) / 2),
    y: 2 * Math.round((face.y + face.height / 2 - sidePx / 2) / 2),
    width: sidePx,
    height: sidePx,
  };
  const scale = REGION_SIDE / sidePx;
  return {
    rect,
    side: REGION_SIDE,
    face: {
      x: (face.x - rect.x) * scale,
      y: (face.y - rect.y) * scale,
      width: face.width * scale,
      height: face.height * scale,
    },
    points:
      points &&
      mapPoints(points, ([px, py]) => [
        (px * frame.width - rect.x) * scale,
        (py * frame.height - rect.y) * scale,
      ]),
    heightPx: face.height,
    cutOff: isCutOff(x, width) || isCutOff(y, height),
  };
}

/** Along one side of the frame, in fractions of it. */
function isCutOff(start: number, length: number): boolean {
  return Math.min(start, 1 - start - length) < Math.max(EDGE, EDGE_OF_FACE * length);
}
