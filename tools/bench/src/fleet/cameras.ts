import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

export interface CamerasOptions {
  clip: string;
  fps: number;
  count: number;
  /** Where they listen. Default: loopback. */
  host?: string;
}

/** So that two cameras with one clip do not show the same. */
const OFFSET_MS = 1_300;

/** Simulated RTSP cameras, which cost the system under test nothing. */
export class Cameras implements Disposable {
  private constructor(
    private readonly child: ReturnType<typeof fork>,
    readonly urls: string[],
  ) {}

  static async start({ clip, fps, count, host = '127.0.0.1' }: CamerasOptions): Promise<Cameras> {
    const cameras = Array.from({ length: count }, (_, index) => ({
      path: `/cam${index + 1}`,
      clip,
      fps,
      startOffsetMs: index * OFFSET_MS,
    }));
    const child = fork(join(__dirname, 'cameras-entry.js'), [JSON.stringify(cameras), host]);
    const [urls] = await once(child, 'message');
    return new Cameras(child, z.array(z.string()).parse(urls));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The camera ends its connection; coming back works. */
  drop(index: number): void {
    this.child.send(`/cam${index + 1}`);
  }

  [Symbol.dispose](): void {
    this.child.disconnect();
  }
}
