import { AV_PIX_FMT_YUVJ420P, AVCOL_RANGE_JPEG, Frame, FFmpegError } from 'node-av';
import type { Size } from '@camfleet/domain';

export interface YuvPlane {
  data: Buffer;
  stride: number;
  width: number;
  height: number;
}

/**
 * An upright picture with square pixels, planar YUV 4:2:0 with full range, as the JPEG encoder takes it. Sides
 * are even. Its memory is FFmpeg's and is written in place.
 */
export class YuvPicture implements Disposable {
  private constructor(
    readonly native: Frame,
    readonly size: Size,
  ) {}

  static allocate(size: Size): YuvPicture {
    const frame = new Frame();
    frame.alloc();
    frame.width = size.width;
    frame.height = size.height;
    frame.format = AV_PIX_FMT_YUVJ420P;
    frame.colorRange = AVCOL_RANGE_JPEG;
    FFmpegError.throwIfError(frame.allocBuffer(), 'allocBuffer');
    return new YuvPicture(frame, size);
  }

  /** Luma, then the two chroma planes of half the size: views, not copies. */
  planes(): [YuvPlane, YuvPlane, YuvPlane] {
    const { data, linesize } = this.native;
    const plane = (index: number): YuvPlane => ({
      data: data?.[index] ?? Buffer.alloc(0),
      stride: linesize[index] ?? 0,
      width: index === 0 ? this.size.width : this.size.width / 2,
      height: index === 0 ? this.size.height : this.size.height / 2,
    });
    return [plane(0), plane(1), plane(2)];
  }

  [Symbol.dispose](): void {
    this.native.free();
  }
}
