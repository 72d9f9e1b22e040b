/** MP4 plays everywhere; most browsers write only WebM. */
const TYPES = ['video/mp4;codecs=avc1.42E01E', 'video/webm;codecs=vp9', 'video/webm;codecs=vp8'];

/** The best that this browser can record; `undefined`: it chooses. */
export const recordingType = (canRecord: (type: string) => boolean) => TYPES.find(canRecord);

/** `recording-2026-11-21-14-05-09.webm`, by the clock of this device. */
export function recordingName(at: Date, type: string): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())];
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two);
  return `recording-${[...day, ...time].join('-')}.${type === 'video/mp4' ? 'mp4' : 'webm'}`;
}
