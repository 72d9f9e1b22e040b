import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
} from 'node-av';
import type { PixelRect } from '@camfleet/domain';

interface Layout {
  /** log2 of how many pixels share a chroma sample. */
  chromaShift: readonly [x: number, y: number];
  lumaBytes: number;
  chromaBytes: number;
}

const LAYOUTS = new Map<number, Layout>([
  [AV_PIX_FMT_GRAY8, { chromaShift: [0, 0], lumaBytes: 1, chromaBytes: 1 }],
  [AV_PIX_FMT_YUV420P, { chromaShift: [1, 1], lumaBytes: 1, chromaBytes: 1 }],
  [AV_PIX_FMT_YUVJ420P, { chromaShift: [1, 1], lumaBytes: 1, chromaBytes: 1 }],
  [AV_PIX_FMT_NV12, { chromaShift: [1, 1], lumaBytes: 1, chromaBytes: 2 }],
  [AV_PIX_FMT_YUV422P, { chromaShift: [1, 0], lumaBytes: 1, chromaBytes: 1 }],
  [AV_PIX_FMT_YUVJ422P, { chromaShift: [1, 0], lumaBytes: 1, chromaBytes: 1 }],
  [AV_PIX_FMT_YUV444P, { chromaShift: [0, 0], lumaBytes: 1, chromaBytes: 1 }],
  [AV_PIX_FMT_YUVJ444P, { chromaShift: [0, 0], lumaBytes: 1, chromaBytes: 1 }],
  [AV_PIX_FMT_YUV420P10LE, { chromaShift: [1, 1], lumaBytes: 2, chromaBytes: 2 }],
]);

/** The planes of a picture, from the pixel at `x, y` on; undefined for formats that are not cut in place. */
export function planesFrom(
  picture: { format: number; data: readonly Buffer[]; linesize: readonly number[] },
  { x, y }: Pick<PixelRect, 'x' | 'y'>,
): Buffer[] | undefined {
  const layout = LAYOUTS.get(picture.format);
  if (!layout) return undefined;
  const [shiftX, shiftY] = layout.chromaShift;
  return picture.data.map((plane, index) => {
    const stride = picture.linesize[index] ?? 0;
    const offset =
      index === 0
        ? y * stride + x * layout.lumaBytes
        : (y >> shiftY) * stride + (x >> shiftX) * layout.chromaBytes;
    return plane.subarray(offset);
  });
}
