import type { Box, RgbImage } from '@camfleet/domain';
import { rotateRgb } from '@camfleet/media';
import { describePicture, type PictureFace, type Vision } from '@camfleet/vision';

const TURNS = [90, 180, 270] as const;
type Turn = 0 | (typeof TURNS)[number];

/** Most photos are upright: a turned one has to give so much longer a vector, */
const CLEARLY_LONGER = 1.02;
/** and this share of an upright face's length. What is no face, and what is blurred beyond telling, gives less. */
const NEARLY_UPRIGHT = 0.8;

/** A photo with its faces upright. */
export interface UprightPhoto {
  picture: RgbImage;
  /** Clockwise, from the photo as it was sent. */
  turn: Turn;
  /** In the turned picture. */
  faces: PictureFace[];
}

/**
 * Turns a photo by the quarter in which its clearest face gives the longest vector. Detector and landmarks do not
 * tell: they find upside-down faces too, and see them upright. Where the photo as it was sent is clear enough,
 * nothing else is looked at; where it stays open which way is up, there is no face. An embedder whose vectors all have one length never turns a photo.
 */
export async function uprightPhoto(vision: Vision, photo: RgbImage): Promise<UprightPhoto> {
  const { uprightLength } = vision;
  const asSent: UprightPhoto = { picture: photo, turn: 0, faces: await describePicture(vision, photo) };
  const length = clearest(asSent);
  if (uprightLength !== undefined && length >= uprightLength) return asSent;
  let best = asSent;
  let least = length * CLEARLY_LONGER;
  for (const turn of TURNS) {
    const picture = rotateRgb(photo, turn);
    const turned = { picture, turn, faces: await describePicture(vision, picture) };
    if (clearest(turned) <= least) continue;
    best = turned;
    least = clearest(turned);
  }
  // Where nobody has measured, what is found on a turned photo alone may be no face.
  const believed = uprightLength === undefined ? length : uprightLength * NEARLY_UPRIGHT;
  const isBelieved = best === asSent || (believed > 0 && least >= believed);
  return isBelieved ? best : { ...asSent, faces: [] };
}

const clearest = ({ faces }: UprightPhoto) =>
  Math.max(0, ...faces.map(({ embeddingLength }) => embeddingLength ?? 0));

/** Where a box of the turned picture lies on the photo as it was sent. */
export function boxAsSent([x, y, width, height]: Box, turn: Turn): [number, number, number, number] {
  switch (turn) {
    case 0:
      return [x, y, width, height];
    case 90:
      return [y, 1 - x - width, height, width];
    case 180:
      return [1 - x - width, 1 - y - height, width, height];
    case 270:
      return [1 - y - height, x, height, width];
  }
}
