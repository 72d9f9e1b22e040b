import { makeClip } from '@camfleet/testing';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const PAGE = '<!doctype html><html><body>Log in to your camera</body></html>';

/** Fills a media folder with what people point cameras at by mistake, and with what is merely unusual. */
export async function makeBadFiles(folder: string): Promise<void> {
  const at = (name: string) => join(folder, name);
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];
  await writeFile(at('page.mp4'), PAGE);
  await writeFile(at('empty.mp4'), '');
  await writeFile(at('noise.mp4'), randomBytes(1_000_000));
  await Promise.all([
    run('ffmpeg', quiet(['-f', 'lavfi', '-i', 'sine=duration=2', '-c:a', 'aac', at('sound.mp4')])),
    run(
      'ffmpeg',
      quiet(['-f', 'lavfi', '-i', 'color=gray:size=16000x16000', '-frames:v', '1', at('huge.jpg')]),
    ),
    makeClip({
      path: at('hevc.mp4'),
      seconds: 3,
      output: ['-c:v', 'libx265', '-x265-params', 'log-level=none'],
    }),
    makeClip({ path: at('small.ts'), size: '320x180', seconds: 2, output: h264 }),
    makeClip({ path: at('large.ts'), size: '640x480', seconds: 2, output: h264 }),
    makeClip({ path: at('cut.mp4'), seconds: 3, output: h264 }),
    makeClip({ path: at('good.mp4'), seconds: 4, output: h264 }),
  ]);
  const sizes = await Promise.all(['small.ts', 'large.ts'].map((name) => readFile(at(name))));
  await writeFile(at('sizes.ts'), Buffer.concat(sizes));
  // Its index is at the end, which is missing.
  const whole = await readFile(at('cut.mp4'));
  await writeFile(at('cut.mp4'), whole.subarray(0, whole.length / 2));
}

function quiet(args: string[]): string[] {
  return ['-v', 'error', '-y', ...args];
}
