/** x and y in pixels of the picture that was looked at. */
export type PixelPoint = readonly [x: number, y: number];

/** Eyes, tip of the nose, corners of the mouth; left before right as the picture shows them. */
export type FivePoints = readonly [
  leftEye: PixelPoint,
  rightEye: PixelPoint,
  nose: PixelPoint,
  leftMouth: PixelPoint,
  rightMouth: PixelPoint,
];

export function mapPoints(points: FivePoints, map: (point: PixelPoint) => PixelPoint): FivePoints {
  const [leftEye, rightEye, nose, leftMouth, rightMouth] = points;
  return [map(leftEye), map(rightEye), map(nose), map(leftMouth), map(rightMouth)];
}
