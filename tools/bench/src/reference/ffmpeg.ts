import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** First line of `ffmpeg -version`; undefined when there is none on this machine. */
export async function ffmpegVersion(): Promise<string | undefined> {
  const answer = await run('ffmpeg', ['-version']).catch(() => undefined);
  return answer?.stdout.split('\n')[0]?.replace(/ Copyright.*/, '');
}

export const NO_FFMPEG: Record<string, string> = { missing: 'ffmpeg is not installed on this machine' };

/** What a plain ffmpeg is asked to make of one camera. */
export const REFERENCE_WORK = {
  /** What the worker makes for a viewer and for the detector: same scaler, same JPEG quality. */
  viewerAndDetector: [
    ...['-filter_complex_threads', '1', '-filter_complex'],
    '[0:v]split=2[a][b];[a]fps=10,scale=640:360:flags=area[view];' +
      '[b]fps=5,scale=320:240:flags=area,format=rgb24[detect]',
    ...['-map', '[view]', '-threads', '1', '-c:v', 'mjpeg', '-q:v', '5', '-f', 'mjpeg', '/dev/null'],
    ...['-map', '[detect]', '-c:v', 'rawvideo', '-f', 'rawvideo', '/dev/null'],
  ],
  decodeOnly: ['-threads', '1', '-an', '-f', 'null', '-'],
} as const;

/** One `ffmpeg -threads 1` on an RTSP camera, until it is disposed of. */
export class FfmpegReference implements AsyncDisposable {
  private readonly child: ChildProcess;
  private readonly kill = () => void this.child.kill('SIGKILL');

  constructor(url: string, work: readonly string[]) {
    const input = ['-rtsp_transport', 'tcp', '-threads', '1', '-i', url];
    this.child = spawn('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...input, ...work], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    process.once('exit', this.kill);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** True; throws when it has ended. */
  checkAlive(): true {
    if (this.child.exitCode === null && this.child.signalCode === null) return true;
    throw new Error('ffmpeg ended before its time.');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.kill);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.kill();
    await exited;
  }
}
