/** How the head is turned, in degrees. */
export interface HeadPose {
  /** Positive: the nose points to the right of the picture. */
  yaw: number;
  /** Positive: looks up. */
  pitch: number;
  /** Positive: turned clockwise in the picture. */
  roll: number;
}

/** How good a picture of a face is; the worker sends it with each sighting. */
export interface FaceQuality extends HeadPose {
  /** 0 to 1: what the face is worth for recognising someone. */
  score: number;
  /** Height of the face in pixels of the source frame. */
  heightPx: number;
  /** 0 (blurred) to 1 (sharp). */
  sharpness: number;
  /** 0 (black, or burnt out) to 1 (well lit). */
  exposure: number;
  /** The face touches the edge of the frame. */
  cutOff: boolean;
}

/** What a face must be to stand for a person. */
export const ENROLMENT_LIMITS = {
  /** The embedder confuses people under it: equal error rate 0.7 % at 40 px, 2.8 % at 30. */
  minHeightPx: 48,
  /** Faces of the sample photos with 20 rows of detail have 0.13 to 0.46, with 40 rows 0.48 to 0.75. */
  minSharpness: 0.7,
  /** Most of the face is black or burnt out under it. */
  minExposure: 0.25,
} as const;

export type EnrolmentVerdict = 'ok' | 'FACE_TOO_SMALL' | 'FACE_TOO_BLURRED';

/**
 * Whether a face may stand for a person, or why not: a bad one draws strangers to that person. What cannot be made
 * out for want of light counts as blurred. What a worker has not told counts as bad, save the exposure.
 */
export function enrolmentVerdict(quality: Partial<FaceQuality>): EnrolmentVerdict {
  const { minHeightPx, minSharpness, minExposure } = ENROLMENT_LIMITS;
  const { heightPx = 0, sharpness = 0, exposure = 1 } = quality;
  if (heightPx < minHeightPx) return 'FACE_TOO_SMALL';
  return sharpness < minSharpness || exposure < minExposure ? 'FACE_TOO_BLURRED' : 'ok';
}
