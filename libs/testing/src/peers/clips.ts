import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ClipOptions {
  /** Its ending chooses the container. */
  path: string;
  /** Default 320 x 180. */
  size?: string;
  /** Default 10. */
  fps?: number;
  /** Default 1. */
  seconds?: number;
  /** Further arguments of ffmpeg for the output, such as `-c:v libx265`. */
  output?: readonly string[];
}

/** Encodes a moving test picture with the system's ffmpeg. */
export async function makeClip({
  path,
  size = '320x180',
  fps = 10,
  seconds = 1,
  output = [],
}: ClipOptions): Promise<void> {
  const input = `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`;
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-f',
    'lavfi',
    '-i',
    input,
    '-pix_fmt',
    'yuv420p',
    ...output,
    path,
  ]);
}
