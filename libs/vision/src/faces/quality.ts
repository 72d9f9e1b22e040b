import type { PixelPoint } from './landmarks';
import { meanPoint } from './landmarks';

export interface HeadPose {
  /** Degrees; positive: the nose points to the right of the picture. */
  yaw: number;
  /** Degrees; positive: looks up. */
  pitch: number;
  /** Degrees; positive: turned clockwise in the picture. */
  roll: number;
}

export interface FaceQuality extends HeadPose {
  /** 0 to 1: what the face is worth for recognising someone, see `qualityScore`. */
  score: number;
  /** Height of the face in pixels of the source frame. */
  heightPx: number;
  /** 0 (blurred) to 1 (sharp). */
  sharpness: number;
  /** The face touches the edge of the frame. */
  cutOff: boolean;
}

/** The embedder sees 112 rows: more pixels than that add nothing. */
const FULL_HEIGHT_PX = 112;
/** Beyond these angles half of the face is hidden. */
const HIDDEN_YAW = 75;
const HIDDEN_PITCH = 60;
const CUT_OFF_FACTOR = 0.5;
/** Of `laplacianRatio`, on photos reduced to few rows of detail in a face: about 13 of them, and over 100. */
const BLURRED_RATIO = 0.005;
const SHARP_RATIO = 0.25;

const degrees = (radians: number) => (radians * 180) / Math.PI;
const share = (value: number) => Math.min(1, Math.max(0, value));

/**
 * Variance of the Laplacian (the four neighbours less four times the middle) over that of the picture itself:
 * detail without the effect of light and contrast.
 */
export function laplacianRatio(grey: Float32Array, side: number): number {
  const at = (x: number, y: number) => grey[y * side + x] ?? 0;
  let [sum, squares, plainSum, plainSquares] = [0, 0, 0, 0];
  for (let y = 1; y < side - 1; y += 1) {
    for (let x = 1; x < side - 1; x += 1) {
      const middle = at(x, y);
      const value = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * middle;
      sum += value;
      squares += value * value;
      plainSum += middle;
      plainSquares += middle * middle;
    }
  }
  const count = (side - 2) ** 2;
  const plainVariance = plainSquares / count - (plainSum / count) ** 2;
  return plainVariance > 1e-6 ? (squares / count - (sum / count) ** 2) / plainVariance : 0;
}

/** `laplacianRatio` on a logarithmic scale between blurred (0) and sharp (1). */
export function sharpnessOf(grey: Float32Array, side: number): number {
  const ratio = Math.max(laplacianRatio(grey, side), 1e-9);
  return share(Math.log(ratio / BLURRED_RATIO) / Math.log(SHARP_RATIO / BLURRED_RATIO));
}

/**
 * Pose from the outer corners of eyes and mouth and the tip of the nose, by the proportions of a usual head with
 * the nose at the origin: eyes (±225, 170, -135), mouth (±150, -150, -125). Seen from afar, after taking out the
 * roll: yaw = atan(225/135 · r), r = offset of the nose from the middle of the eyes over half their distance;
 * tan(pitch) = (160·s + 10) / (130 + 5·s), s = height of the nose over the middle between the lines of eyes and
 * mouth over half their distance. Coarse: about ±10°.
 */
export function headPose(landmarks: readonly PixelPoint[]): HeadPose {
  const leftEye = meanPoint(landmarks, [36]);
  const rightEye = meanPoint(landmarks, [45]);
  const eyes = meanPoint(landmarks, [36, 45]);
  const mouth = meanPoint(landmarks, [48, 54]);
  const nose = meanPoint(landmarks, [30]);
  const roll = Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0]);
  const across = ([x, y]: PixelPoint) => x * Math.cos(roll) + y * Math.sin(roll);
  const down = ([x, y]: PixelPoint) => y * Math.cos(roll) - x * Math.sin(roll);
  const halfEyes = Math.max((across(rightEye) - across(leftEye)) / 2, 1e-6);
  const halfHeight = Math.max((down(mouth) - down(eyes)) / 2, 1e-6);
  const aside = (across(nose) - across(eyes)) / halfEyes;
  const above = Math.min(1, Math.max(-1, ((down(mouth) + down(eyes)) / 2 - down(nose)) / halfHeight));
  return {
    yaw: degrees(Math.atan((225 / 135) * aside)),
    pitch: degrees(Math.atan2(160 * above + 10, 130 + 5 * above)),
    roll: degrees(roll),
  };
}

export interface QualityParts extends HeadPose {
  heightPx: number;
  sharpness: number;
  cutOff: boolean;
}

/** The most that `qualityScore` can be, before anything but the box is known. */
export function qualityBound({ heightPx, cutOff }: Pick<QualityParts, 'heightPx' | 'cutOff'>): number {
  return share(heightPx / FULL_HEIGHT_PX) * (cutOff ? CUT_OFF_FACTOR : 1);
}

/**
 * Product of size (height / 112 px), sharpness (a blurred face keeps 0.2), pose ((1 - |yaw| / 75) ·
 * (1 - |pitch| / 60)) and 0.5 where the frame cuts it off; each factor 0 to 1. Roll costs nothing: it is undone.
 */
export function qualityScore(parts: QualityParts): number {
  const sharp = 0.2 + 0.8 * parts.sharpness;
  const frontal =
    share(1 - Math.abs(parts.yaw) / HIDDEN_YAW) * share(1 - Math.abs(parts.pitch) / HIDDEN_PITCH);
  return qualityBound(parts) * sharp * frontal;
}
