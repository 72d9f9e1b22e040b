import type { Frame } from 'node-av';
import type { Size } from '@camfleet/domain';
import type { Rotation } from '../sources/media-source';

/** A picture as it is coded, and how it is to be shown. */
export interface VideoPicture {
  readonly native: Frame;
  /** Clockwise degrees by which it is to be turned. */
  readonly rotation: Rotation;
  /** Coded pixels: before rotation and stretching. */
  readonly coded: Size;
  /** What a viewer is to see: square pixels, upright. */
  readonly display: Size;
}

interface FrameOptions {
  frame: Frame;
  captureTimeMs: number;
  rotation: Rotation;
}

/**
 * A decoded picture in memory that FFmpeg owns. Counted references: `retain()` to keep it, `release()` when
 * done; after the last release its pixels are gone.
 */
export class VideoFrame implements VideoPicture {
  /** Unix ms, by the clock of whoever read the packet. */
  readonly captureTimeMs: number;
  readonly rotation: Rotation;
  readonly coded: Size;
  readonly display: Size;
  private readonly frame: Frame;
  private references = 1;

  constructor({ frame, captureTimeMs, rotation }: FrameOptions) {
    this.frame = frame;
    this.captureTimeMs = captureTimeMs;
    this.rotation = rotation;
    this.coded = { width: frame.width, height: frame.height };
    const { num, den } = frame.sampleAspectRatio;
    const stretch = num > 0 && den > 0 && num / den < 20 && den / num < 20 ? num / den : 1;
    const upright = { width: Math.round(frame.width * stretch), height: frame.height };
    this.display = rotation % 180 === 0 ? upright : { width: upright.height, height: upright.width };
  }

  /** FFmpeg's frame, valid until the last release. */
  get native(): Frame {
    if (this.references <= 0) throw new Error('a video frame was used after its release');
    return this.frame;
  }

  retain(): this {
    this.references += 1;
    return this;
  }

  release(): void {
    this.references -= 1;
    if (this.references === 0) this.frame.free();
  }
}
