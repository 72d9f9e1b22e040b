import { fitWidth, JpegEncoder, type JpegOptions, PictureScaler, type VideoFrame } from '@camfleet/media';

export interface Still {
  jpeg: Buffer;
  /** Unix ms. */
  captureTimeMs: number;
}

/** Of what was given out lately the newest stays, for when there is nothing left to decode. */
export class StillKeeper {
  private latest: VideoFrame | undefined;
  private kept: Still | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(public quality: JpegOptions) {}

  /** True while somebody waits for a picture that is yet to be decoded. */
  get isWanted(): boolean {
    return this.waiting.length > 0;
  }

  get hasFrame(): boolean {
    return this.latest !== undefined;
  }

  /** True when there is a picture without decoding. */
  get hasAny(): boolean {
    return this.latest !== undefined || this.kept !== undefined;
  }

  get latestCaptureMs(): number {
    return this.latest?.captureTimeMs ?? -Infinity;
  }

  /** Takes a reference of its own to the newest frame. */
  offer(frame: VideoFrame): void {
    this.latest?.release();
    this.latest = frame.retain();
  }

  keep(still: Still): void {
    this.kept = still;
  }

  /** Resolves when the newest picture there is has been decoded, or when there is none. */
  async decoded(wake: () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      wake();
    });
  }

  settle(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** The newest picture, at most `maxWidth` wide (0: as it is); undefined when there never was any. */
  async encode(maxWidth: number): Promise<Still | undefined> {
    const frame = this.latest?.retain();
    if (!frame) return this.kept;
    const scaler = new PictureScaler();
    const encoder = new JpegEncoder();
    try {
      using picture = await scaler.toYuv(frame, fitWidth(frame.display, maxWidth));
      return { jpeg: await encoder.encode(picture, this.quality), captureTimeMs: frame.captureTimeMs };
    } finally {
      frame.release();
      scaler.close();
      encoder.close();
    }
  }

  /** Lets go of the decoder's buffer; the last still stays. */
  releaseFrame(): void {
    this.latest?.release();
    this.latest = undefined;
  }
}
