import { SourceError } from '@camfleet/domain';
import { type GopBuffer, type GopCursor, type GopStep, VideoDecoder, type VideoFrame } from '@camfleet/media';

/** A decoder that is further behind than this waits for the next keyframe instead of catching up. */
const MAX_LAG_MS = 1000;

/**
 * Decodes along a GOP buffer. Starts at the kept keyframe; jumps to a newer keyframe as soon as there is one;
 * when it cannot keep up it skips to the next one, so that it never lags by more than a second once it has
 * caught up.
 */
export class CameraDecoder {
  private cursor: GopCursor | undefined;
  private decoder: VideoDecoder | undefined;
  private caughtUp = false;
  private waitsForKeyframe = false;

  constructor(
    private readonly gop: GopBuffer,
    private readonly hardware: 'auto' | 'off',
  ) {}

  /** The packet that would be decoded next; undefined when there is none yet. */
  peek(): GopStep | undefined {
    for (;;) {
      const step = this.gop.next(this.cursor);
      if (!step) return undefined;
      if (step.backlog <= 1) this.caughtUp = true;
      if (step.packet.isKeyframe) this.waitsForKeyframe = false;
      else if (this.lagMs(step) > MAX_LAG_MS && this.caughtUp) this.waitsForKeyframe = true;
      if (!this.waitsForKeyframe) return step;
      this.cursor = step.cursor;
    }
  }

  /** Passes over a packet of which nothing is needed: for codecs whose every picture stands alone. */
  skip(step: GopStep): void {
    this.cursor = step.cursor;
  }

  /** Frames belong to the caller. A packet or codec that cannot be decoded gives none. */
  async decode(step: GopStep): Promise<VideoFrame[]> {
    this.cursor = step.cursor;
    const packet = step.packet.retain();
    try {
      if (this.decoder?.stream !== packet.stream) {
        await this.decoder?.close();
        this.decoder = await VideoDecoder.open(packet.stream, { hardware: this.hardware });
      }
      return await this.decoder.decode(packet);
    } catch (error) {
      if (error instanceof SourceError) return [];
      throw error;
    } finally {
      packet.release();
    }
  }

  /** What is held back for reordering; afterwards it goes on at the next keyframe. */
  async drain(): Promise<VideoFrame[]> {
    this.waitsForKeyframe = true;
    return (await this.decoder?.drain()) ?? [];
  }

  /** Forgets its place: the next step is the kept keyframe. */
  async reset(): Promise<void> {
    this.cursor = undefined;
    this.caughtUp = false;
    this.waitsForKeyframe = false;
    const { decoder } = this;
    this.decoder = undefined;
    await decoder?.close();
  }

  private lagMs({ packet }: GopStep): number {
    return (this.gop.newestPacket?.captureTimeMs ?? 0) - packet.captureTimeMs;
  }
}
