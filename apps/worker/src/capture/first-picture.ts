import type { Size } from '@camfleet/domain';
import { type MediaPacket, sourceError, VideoDecoder } from '@camfleet/media';

/** Keyframes without a picture after which the source is given up. */
const MAX_KEYFRAMES = 4;

/**
 * Decodes the beginning of a connection until its first picture, to tell video from rubbish and to learn the
 * size; after that it costs nothing.
 */
export class FirstPicture {
  size: Size | undefined;
  private decoder: VideoDecoder | undefined;
  private keyframes = 0;

  /** @throws SourceError `SOURCE_UNSUPPORTED` when there is nothing to be seen */
  async look(packet: MediaPacket): Promise<void> {
    if (this.size) return;
    if (packet.isKeyframe) this.keyframes += 1;
    if (this.keyframes === 0) return;
    this.decoder ??= await VideoDecoder.open(packet.stream, { hardware: 'off' });
    await this.take(this.decoder.decode(packet));
    if (this.keyframes > MAX_KEYFRAMES) this.giveUp();
  }

  /** At the end of the source: takes what the decoder holds back. @throws SourceError as `look` */
  async finish(): Promise<void> {
    if (this.size) return;
    if (this.decoder) await this.take(this.decoder.drain());
    if (!this.size) this.giveUp();
  }

  async close(): Promise<void> {
    await this.decoder?.close();
    this.decoder = undefined;
  }

  private async take(decoding: ReturnType<VideoDecoder['decode']>): Promise<void> {
    for (const frame of await decoding) {
      this.size ??= frame.display;
      frame.release();
    }
    if (this.size) await this.close();
  }

  private giveUp(): void {
    if (this.size) return;
    throw sourceError('SOURCE_UNSUPPORTED', 'The source sends no picture that can be decoded.');
  }
}
