import type { FaceQuality, HeadPose } from '@camfleet/domain';
import type { FivePoints, PixelPoint } from './five-points';
import { meanPoint } from './landmarks';

/** The embedder sees 112 rows: more pixels than that add nothing. */
const FULL_HEIGHT_PX = 112;
/** Beyond these angles half of the face is hidden. */
const HIDDEN_YAW = 75;
const HIDDEN_PITCH = 60;
const CUT_OFF_FACTOR = 0.5;
/** Of `laplacianRatio`, on photos reduced to few rows of detail in a face: about 13 of them, and over 100. */
const BLURRED_RATIO = 0.005;
const SHARP_RATIO = 0.25;
/** Mean grey of a face, 0 to 1: from the first on it is not wholly black (burnt out), from the second on well lit. */
const DARK = [0.04, 0.2] as const;
const BURNT_OUT = [0.97, 0.85] as const;
/** Grey levels of 256 that tell nothing but that it is darker, or brighter. */
const CLIPPED_BELOW = 4 / 256;
const CLIPPED_ABOVE = 251 / 256;

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
 * Light in the middle of a grey square of 0 to 1, where the face is: a ramp of its mean between black and lit, and
 * between burnt out and bright, less the share of clipped pixels. Dark skin in good light has a mean over 0.2.
 */
export function exposureOf(grey: Float32Array, side: number): number {
  const margin = Math.floor(side / 6);
  let [sum, clipped] = [0, 0];
  for (let y = margin; y < side - margin; y += 1) {
    for (let x = margin; x < side - margin; x += 1) {
      const value = grey[y * side + x] ?? 0;
      sum += value;
      if (value < CLIPPED_BELOW || value >= CLIPPED_ABOVE) clipped += 1;
    }
  }
  const count = (side - 2 * margin) ** 2;
  const ramp = ([none, full]: readonly [number, number]) => share((sum / count - none) / (full - none));
  return Math.min(ramp(DARK), ramp(BURNT_OUT)) * (1 - clipped / count);
}

/** Eyes of a usual head with the tip of the nose at the origin: their distance to the middle, and their depth. */
interface Eyes {
  aside: number;
  behind: number;
}
const OUTER_CORNERS: Eyes = { aside: 225, behind: 135 };
/** Both kinds of points tell the same pose of 22 faces of the sample photos, within 1.3° of yaw and 0.6° of pitch. */
const EYE_CENTRES: Eyes = { aside: 157, behind: 115 };
const EYES_ABOVE = 170;
const MOUTH_BELOW = 150;
const MOUTH_BEHIND = 125;

/** From 68 landmarks, by the outer corners of the eyes. Coarse: about ±10°. */
export function headPose(landmarks: readonly PixelPoint[]): HeadPose {
  const [leftEye, rightEye, nose, leftMouth, rightMouth] = [36, 45, 30, 48, 54].map((index) =>
    meanPoint(landmarks, [index]),
  );
  if (!leftEye || !rightEye || !nose || !leftMouth || !rightMouth) return { yaw: 0, pitch: 0, roll: 0 };
  return poseOf([leftEye, rightEye, nose, leftMouth, rightMouth], OUTER_CORNERS);
}

/** From the centres of the eyes, nose and mouth, where a detector finds no more. A little coarser. */
export function fivePointPose(points: FivePoints): HeadPose {
  return poseOf(points, EYE_CENTRES);
}

/**
 * Pose by the proportions of a usual head with the nose at the origin: eyes (±a, 170, -b), mouth (±150, -150, -125).
 * Seen from afar, after taking out the roll: tan(yaw) = a/b · r, r = offset of the nose from the middle of the eyes
 * over half their distance; tan(pitch) = (160·s + 10) / ((b + 125)/2 + s·(b - 125)/2), s = height of the nose over
 * the middle between the lines of eyes and mouth over half their distance.
 */
function poseOf(points: FivePoints, { aside, behind }: Eyes): HeadPose {
  const [leftEye, rightEye, nose, leftMouth, rightMouth] = points;
  const roll = Math.atan2(rightEye[1] - leftEye[1], rightEye[0] - leftEye[0]);
  const across = ([x, y]: PixelPoint) => x * Math.cos(roll) + y * Math.sin(roll);
  const down = ([x, y]: PixelPoint) => y * Math.cos(roll) - x * Math.sin(roll);
  const eyesAcross = (across(leftEye) + across(rightEye)) / 2;
  const eyesDown = (down(leftEye) + down(rightEye)) / 2;
  const mouthDown = (down(leftMouth) + down(rightMouth)) / 2;
  const halfEyes = Math.max((across(rightEye) - across(leftEye)) / 2, 1e-6);
  const halfHeight = Math.max((mouthDown - eyesDown) / 2, 1e-6);
  const offset = (across(nose) - eyesAcross) / halfEyes;
  const above = Math.min(1, Math.max(-1, ((mouthDown + eyesDown) / 2 - down(nose)) / halfHeight));
  const half = (EYES_ABOVE + MOUTH_BELOW) / 2;
  const middle = (EYES_ABOVE - MOUTH_BELOW) / 2;
  const depth = (behind + MOUTH_BEHIND) / 2 + (above * (behind - MOUTH_BEHIND)) / 2;
  return {
    yaw: degrees(Math.atan((aside / behind) * offset)),
    pitch: degrees(Math.atan2(half * above + middle, depth)),
    roll: degrees(roll),
  };
}

export type QualityParts = Omit<FaceQuality, 'score'>;

/** The most that `qualityScore` can be, before anything but the box is known. */
export function qualityBound({ heightPx, cutOff }: Pick<QualityParts, 'heightPx' | 'cutOff'>): number {
  return share(heightPx / FULL_HEIGHT_PX) * (cutOff ? CUT_OFF_FACTOR : 1);
}

/**
 * Product of size (height / 112 px), sharpness and exposure (a blurred or black face keeps 0.2), pose ((1 - |yaw| / 75) ·
 * (1 - |pitch| / 60)) and 0.5 where the frame cuts it off; each factor 0 to 1. Roll costs nothing: it is undone.
 */
export function qualityScore(parts: QualityParts): number {
  const sharp = 0.2 + 0.8 * parts.sharpness;
  const lit = 0.2 + 0.8 * parts.exposure;
  const frontal =
    share(1 - Math.abs(parts.yaw) / HIDDEN_YAW) * share(1 - Math.abs(parts.pitch) / HIDDEN_PITCH);
  return qualityBound(parts) * sharp * lit * frontal;
}
