import type { RgbImage, Size, Variant } from '@camfleet/domain';
import {
  drawBoxes,
  fitWidth,
  JpegEncoder,
  type JpegOptions,
  type OverlayBox,
  PictureScaler,
  type VideoFrame,
  type YuvPicture,
} from '@camfleet/media';

export interface FrameWork {
  variants: readonly Variant[];
  /** Width of the detector's picture; undefined: no analysis is due. */
  analysisWidth: number | undefined;
  boxes(): readonly OverlayBox[];
  onRgb(rgb: RgbImage): void;
  onJpeg(variant: Variant, jpeg: Buffer): void;
}

const sizeKey = ({ width, height }: Size): string => `${width}x${height}`;

/**
 * Makes of one frame all that is due of it, in one cascade: each size is scaled from the next larger one that
 * is needed, the detector's picture and the encodings share them. One frame at a time.
 */
export class FrameOutput {
  private readonly scaler = new PictureScaler();
  private readonly encoder = new JpegEncoder();

  /** @param quality may be changed between two frames */
  constructor(public quality: JpegOptions) {}

  async make(frame: VideoFrame, work: FrameWork): Promise<void> {
    const pictures = await this.scaleAll(frame, this.sizes(frame, work));
    try {
      if (work.analysisWidth !== undefined) {
        const size = fitWidth(frame.display, work.analysisWidth);
        const from = pictures.find(
          (picture) => picture.size.width >= size.width && picture.size.width <= 640,
        );
        work.onRgb(this.scaler.toRgb(from ?? smallest(pictures), size));
      }
      for (const picture of pictures) await this.encodeAll(picture, frame, work);
    } finally {
      for (const picture of pictures) picture[Symbol.dispose]();
    }
  }

  close(): void {
    this.scaler.close();
    this.encoder.close();
  }

  /** Largest first, each once. */
  private sizes({ display }: VideoFrame, { variants, analysisWidth }: FrameWork): Size[] {
    const sizes = new Map(
      variants.map(({ width }) => fitWidth(display, width)).map((size) => [sizeKey(size), size]),
    );
    const forAnalysis = analysisWidth === undefined ? undefined : fitWidth(display, analysisWidth);
    const shared = [...sizes.values()].some(
      ({ width }) => forAnalysis && width <= 640 && width >= forAnalysis.width,
    );
    if (forAnalysis && !shared) sizes.set(sizeKey(forAnalysis), forAnalysis);
    return [...sizes.values()].sort((a, b) => b.width - a.width);
  }

  private async scaleAll(frame: VideoFrame, sizes: readonly Size[]): Promise<YuvPicture[]> {
    const pictures: YuvPicture[] = [];
    try {
      for (const size of sizes) {
        const larger = pictures.at(-1);
        pictures.push(await (larger ? this.scaler.shrink(larger, size) : this.scaler.toYuv(frame, size)));
      }
      return pictures;
    } catch (error) {
      for (const picture of pictures) picture[Symbol.dispose]();
      throw error;
    }
  }

  /** The plain encoding before the one with boxes, which are drawn into the picture itself. */
  private async encodeAll(picture: YuvPicture, frame: VideoFrame, work: FrameWork): Promise<void> {
    const variants = work.variants
      .filter(({ width }) => sizeKey(fitWidth(frame.display, width)) === sizeKey(picture.size))
      .sort((a, b) => Number(a.overlay) - Number(b.overlay));
    let plain: Buffer | undefined;
    let drawn: Buffer | undefined;
    for (const variant of variants) {
      const boxes = variant.overlay ? work.boxes() : [];
      if (boxes.length === 0) {
        plain ??= await this.encoder.encode(picture, this.quality);
        work.onJpeg(variant, plain);
      } else {
        if (!drawn) drawBoxes(picture, boxes);
        drawn ??= await this.encoder.encode(picture, this.quality);
        work.onJpeg(variant, drawn);
      }
    }
  }
}

function smallest(pictures: readonly YuvPicture[]): YuvPicture {
  const last = pictures.at(-1);
  if (!last) throw new Error('an analysis always has a picture of its size or of a larger one');
  return last;
}
