import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK = Buffer.alloc(64 * 1024);

/** A disk of its own (tmpfs) at a folder, small enough to be filled. Needs root. */
export class SmallDisk implements Disposable {
  private readonly onExit = () => this.unmount();

  private constructor(private readonly path: string) {
    process.once('exit', this.onExit);
  }

  static mount(path: string, megabytes: number): SmallDisk {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
    return new SmallDisk(path);
  }

  /** Not one byte more fits. */
  fill(): void {
    const file = openSync(this.filler, 'w');
    try {
      for (let chunk = CHUNK; chunk.length > 0;) {
        try {
          writeSync(file, chunk);
        } catch {
          chunk = chunk.subarray(0, Math.floor(chunk.length / 2));
        }
      }
    } finally {
      closeSync(file);
    }
  }

  empty(): void {
    rmSync(this.filler, { force: true });
  }

  [Symbol.dispose](): void {
    process.off('exit', this.onExit);
    this.unmount();
  }

  private unmount(): void {
    execFileSync('umount', ['-l', this.path]);
  }

  private get filler(): string {
    return join(this.path, 'filler');
  }
}
