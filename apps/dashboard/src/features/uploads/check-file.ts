import { MAX_VIDEO_BYTES } from '@camfleet/protocol';
import { sizeInWords } from '../../components/size';

/** Of the browser's dialog. Browsers know no type for some of them, so that the ends of names are named, too. */
export const VIDEO_ENDINGS = [
  ...['mp4', 'm4v', 'mov', 'mkv', 'webm', 'avi', 'ts', 'mts', 'm2ts', 'mpg', 'mpeg'],
  ...['3gp', 'flv', 'ogv', 'wmv', 'asf', 'h264', 'h265', 'hevc', 'mxf'],
] as const;
export const VIDEO_ACCEPT = ['video/*', ...VIDEO_ENDINGS.map((ending) => `.${ending}`)].join(',');

/** Why a file need not be sent: the server would refuse it. Whether it is a video inside, the server sees. */
export function problemOf(file: Pick<File, 'name' | 'type' | 'size'>): string | undefined {
  if (!isVideo(file)) return 'This is not a video.';
  if (file.size === 0) return 'The file is empty.';
  if (file.size > MAX_VIDEO_BYTES)
    return `The file is too large: ${sizeInWords(file.size)} of at most ${sizeInWords(MAX_VIDEO_BYTES)}.`;
  return undefined;
}

function isVideo({ name, type }: Pick<File, 'name' | 'type'>): boolean {
  if (type.startsWith('video/')) return true;
  return VIDEO_ENDINGS.some((ending) => name.toLowerCase().endsWith(`.${ending}`));
}
