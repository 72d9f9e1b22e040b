import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { join } from 'node:path';

const run = promisify(execFile);

export const RECORDING_SECONDS = 120;
export const RECORDING =
  'ffmpeg’s testsrc2 with noise, 1920×1080 at 30 fps, x264 veryfast 4 Mbit/s, three B-frames, a keyframe each 2 s; 10 s made once, twelve times over';

/** Two minutes of MP4 with its index in front. */
export async function makeRecording(directory: string): Promise<string> {
  const once = join(directory, 'ten-seconds.mp4');
  const path = join(directory, 'recording.mp4');
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=30:duration=10,noise=alls=6:allf=t'];
  const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '4M', '-bf', '3'];
  const gop = ['-g', '60', '-keyint_min', '60', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'];
  await run('ffmpeg', ['-v', 'error', '-y', ...input, ...x264, ...gop, once]);
  const copy = ['-c', 'copy', '-movflags', '+faststart', path];
  await run('ffmpeg', ['-v', 'error', '-y', '-stream_loop', '11', '-i', once, ...copy]);
  return path;
}

/** A stream without times, some times over, as a video with its index in front. */
export async function repeatedAsVideo(
  stream: string,
  { fps, times, path }: { fps: number; times: number; path: string },
): Promise<void> {
  const once = `${path}.once.mp4`;
  await run('ffmpeg', ['-v', 'error', '-y', '-r', String(fps), '-i', stream, '-c', 'copy', once]);
  // Only what has an index can be begun anew.
  const input = ['-stream_loop', String(times - 1), '-i', once];
  await run('ffmpeg', ['-v', 'error', '-y', ...input, '-c', 'copy', '-movflags', '+faststart', path]);
}
