import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PRELOADED = join(__dirname, '../../../dist/chaos/faults/wall-clock-preload.js');

/**
 * The wall clock of one worker and its decoders, as their JavaScript sees it. The kernel has one such clock for
 * the whole machine, and no namespace gives another: so `Date` is moved, in every process and thread of the
 * worker. The monotonic clocks go on, as they do when a real clock is set.
 */
export class WallClock {
  private readonly offsetFile: string;
  private readonly preload: string;

  constructor(dataDirectory: string) {
    mkdirSync(dataDirectory, { recursive: true });
    this.offsetFile = join(dataDirectory, 'clock-offset-ms');
    this.preload = join(dataDirectory, 'clock.cjs');
    const call = `require(${JSON.stringify(PRELOADED)}).follow(${JSON.stringify(this.offsetFile)});\n`;
    writeFileSync(this.preload, call);
    this.set(0);
  }

  /** For the worker's environment, which hands it on to its decoders. */
  get nodeOptions(): string {
    return `--require "${this.preload}"`;
  }

  set(offsetMs: number): void {
    writeFileSync(`${this.offsetFile}.new`, String(offsetMs));
    renameSync(`${this.offsetFile}.new`, this.offsetFile);
  }
}
