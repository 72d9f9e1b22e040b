import type { RgbImage } from '@camfleet/domain';

/** The largest buffer that is kept between jobs; one for a big photo is let go with the next job. */
const KEPT_BYTES = 2 * 1024 ** 2;

/** Memory that the inference thread reads, with the pixels of the job that runs: the newest, nothing else. */
export class SharedPixels {
  private buffer = new SharedArrayBuffer(0);

  /** Copies the pictures in, one behind the other. */
  hold(pictures: readonly RgbImage[]): SharedArrayBuffer {
    const bytes = pictures.reduce((sum, { data }) => sum + data.length, 0);
    const isTooLarge = this.buffer.byteLength > Math.max(KEPT_BYTES, bytes);
    if (this.buffer.byteLength < bytes || isTooLarge) this.buffer = new SharedArrayBuffer(bytes);
    const target = new Uint8Array(this.buffer);
    let offset = 0;
    for (const { data } of pictures) {
      target.set(data, offset);
      offset += data.length;
    }
    return this.buffer;
  }
}
