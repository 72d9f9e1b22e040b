import type { EventView } from '@camfleet/protocol';

type Quality = NonNullable<EventView['quality']>;

/** Lines of the details: what it is about, and what is so. */
export type QualityLine = readonly [label: string, words: string];

/** What the picture of a face is good for, from its score of 0 to 1. */
export function pictureInWords(score: number): string {
  if (score >= 0.6) return 'Good picture';
  return score >= 0.3 ? 'Fair picture' : 'Poor picture';
}

/** A face's quality for people: no angles, no shares. What is not known is left out. */
export function qualityLines(quality: Quality): QualityLine[] {
  const { score, sharpness, heightPx, cutOff } = quality;
  const pose = poseInWords(quality);
  return [
    ...(typeof score === 'number' ? [['Picture', pictureInWords(score)] as const] : []),
    ...(pose ? [['Face', pose] as const] : []),
    ...(typeof sharpness === 'number' ? [['Focus', sharpnessInWords(sharpness)] as const] : []),
    ...(typeof heightPx === 'number' ? [['Size', `${Math.round(heightPx)} pixels high`] as const] : []),
    ...(cutOff === true ? [['Edge', 'Part of the face is outside the picture'] as const] : []),
  ];
}

/** `Turned to the side, tilted up or down`; angles are degrees, 0 looks straight into the camera. */
function poseInWords({ yaw, pitch }: Quality): string | undefined {
  if (typeof yaw !== 'number' || typeof pitch !== 'number') return undefined;
  const parts = [
    Math.abs(yaw) >= 40 ? 'turned far to the side' : Math.abs(yaw) >= 20 && 'turned to the side',
    Math.abs(pitch) >= 25 && (pitch > 0 ? 'looking up' : 'looking down'),
  ].filter((part) => part !== false);
  const words = parts.join(', ') || 'towards the camera';
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function sharpnessInWords(sharpness: number): string {
  if (sharpness >= 0.7) return 'Sharp';
  return sharpness >= 0.35 ? 'A little blurred' : 'Blurred';
}
