import type { Video } from '@camfleet/protocol';
import { sizeInWords } from '../../components/size';
import { lengthInWords, localTime } from '../../components/time';

/** `1280 × 720, 25 fps, H264`; what no worker has found yet is left out. */
export function formatInWords({ width, height, fps, codec }: Video): string {
  const parts = [
    width !== null && height !== null ? `${width} × ${height}` : undefined,
    fps === null ? undefined : `${Math.round(fps * 100) / 100} fps`,
    codec?.toUpperCase(),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** `1:05, 12 MB`. */
export function extentInWords({ durationMs, sizeBytes }: Video): string {
  return [
    durationMs === null ? undefined : lengthInWords(durationMs),
    // A file that was refused is not kept.
    sizeBytes === 0 ? undefined : sizeInWords(sizeBytes),
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** When it was recorded; where nobody knows, when it came. */
export const whenInWords = ({ recordedAt, createdAt }: Video) =>
  recordedAt === undefined ? `Uploaded ${localTime(createdAt)}` : `Recorded ${localTime(recordedAt)}`;
