import type { PixelRect, RgbImage, Size } from '@camfleet/domain';
import {
  type FaceDetection,
  fitInput,
  mergeTileDetections,
  planTiles,
  type TileDetections,
  type Vision,
} from '@camfleet/vision';

interface Searched {
  vision: Vision;
  /** Of the frame: nothing is looked for outside of it. */
  area: PixelRect;
  /** Pixels of the frame; 0: what is large enough in the whole picture. */
  minFaceHeightPx: number;
  /** The whole frame, small, where that is there already. */
  whole?: RgbImage;
}

interface Searchable {
  size: Size;
  cutRegion(rect: PixelRect, size: Size): Promise<RgbImage>;
}

/** In the small picture of the whole; only where that does not do, in parts of the full one. */
export async function findFaces(
  frame: Searchable,
  { vision, area, minFaceHeightPx, whole }: Searched,
): Promise<FaceDetection[]> {
  const tiles = planTiles(area, minFaceHeightPx, vision.faceInput).map((tile) => ({
    ...tile,
    x: area.x + tile.x,
    y: area.y + tile.y,
  }));
  const found: TileDetections[] = [];
  for (const tile of tiles) {
    const isWhole = tile.width === frame.size.width && tile.height === frame.size.height;
    const picture = isWhole && whole ? whole : await frame.cutRegion(tile, fitInput(tile, vision.faceInput));
    found.push({ tile, detections: await vision.detectFaces(picture) });
  }
  return mergeTileDetections(found, frame.size);
}
