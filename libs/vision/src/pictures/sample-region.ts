import type { PixelRect, RgbImage, Size } from '@camfleet/domain';

/**
 * A rectangle of a picture in another size; what lies outside of the picture is black. Where it shrinks, each
 * pixel is the mean of those it covers, so that no detail aliases; where it grows, bilinear.
 */
export function sampleRegion(image: RgbImage, rect: PixelRect, size: Size): RgbImage {
  const { width, height } = size;
  const target = { data: new Uint8Array(width * height * 3), width, height };
  const shrinks = rect.width >= width && rect.height >= height;
  const isWhole = rect.x === 0 && rect.y === 0 && rect.width === image.width && rect.height === image.height;
  if (isWhole && image.width === 2 * width && image.height === 2 * height) halveInto(target, image);
  else (shrinks ? meanInto : interpolateInto)(target, image, rect);
  return target;
}

/** Source pixels `first` up to `last` of each target pixel, those outside of the picture left out. */
interface Cover {
  first: Int32Array;
  last: Int32Array;
  /** With those outside, which count as black. */
  count: Int32Array;
}

function covers(origin: number, step: number, { count, extent }: { count: number; extent: number }): Cover {
  const cover = {
    first: new Int32Array(count),
    last: new Int32Array(count),
    count: new Int32Array(count),
  };
  for (let index = 0; index < count; index += 1) {
    const first = Math.floor(origin + index * step);
    const last = Math.max(first + 1, Math.floor(origin + (index + 1) * step));
    cover.first[index] = Math.max(0, first);
    cover.last[index] = Math.min(extent, last);
    cover.count[index] = last - first;
  }
  return cover;
}

function meanInto({ data, width, height }: RgbImage, source: RgbImage, rect: PixelRect): void {
  const columns = covers(rect.x, rect.width / width, { count: width, extent: source.width });
  const rows = covers(rect.y, rect.height / height, { count: height, extent: source.height });
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    const top = rows.first[row] ?? 0;
    const bottom = rows.last[row] ?? 0;
    for (let column = 0; column < width; column += 1) {
      const left = columns.first[column] ?? 0;
      const right = columns.last[column] ?? 0;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let y = top; y < bottom; y += 1) {
        const end = (y * source.width + right) * 3;
        for (let from = (y * source.width + left) * 3; from < end; from += 3) {
          red += source.data[from] ?? 0;
          green += source.data[from + 1] ?? 0;
          blue += source.data[from + 2] ?? 0;
        }
      }
      const share = 1 / ((rows.count[row] ?? 1) * (columns.count[column] ?? 1));
      data[at] = (red * share + 0.5) | 0;
      data[at + 1] = (green * share + 0.5) | 0;
      data[at + 2] = (blue * share + 0.5) | 0;
      at += 3;
    }
  }
}

/** The mean of four: what a detector of 320 makes of a picture of 640, three times as quick as any other size. */
function halveInto({ data, width, height }: RgbImage, source: RgbImage): void {
  const { data: pixels } = source;
  const below = source.width * 3;
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    let from = row * 2 * below;
    for (let column = 0; column < width; column += 1) {
      for (let end = at + 3; at < end; at += 1) {
        const upper = (pixels[from] ?? 0) + (pixels[from + 3] ?? 0);
        const lower = (pixels[from + below] ?? 0) + (pixels[from + below + 3] ?? 0);
        data[at] = (upper + lower + 2) >> 2;
        from += 1;
      }
      from += 3;
    }
  }
}

/** The two source pixels between which each target pixel lies, and their shares: 0 outside of the picture. */
interface Neighbours {
  before: Int32Array;
  after: Int32Array;
  beforeShare: Float32Array;
  afterShare: Float32Array;
}

function neighbours(
  origin: number,
  step: number,
  { count, extent }: { count: number; extent: number },
): Neighbours {
  const found = {
    before: new Int32Array(count),
    after: new Int32Array(count),
    beforeShare: new Float32Array(count),
    afterShare: new Float32Array(count),
  };
  const inside = (at: number) => at >= 0 && at < extent;
  for (let index = 0; index < count; index += 1) {
    const position = origin + (index + 0.5) * step - 0.5;
    const before = Math.floor(position);
    found.before[index] = inside(before) ? before : 0;
    found.after[index] = inside(before + 1) ? before + 1 : 0;
    found.beforeShare[index] = inside(before) ? 1 - (position - before) : 0;
    found.afterShare[index] = inside(before + 1) ? position - before : 0;
  }
  return found;
}

function interpolateInto({ data, width, height }: RgbImage, source: RgbImage, rect: PixelRect): void {
  const columns = neighbours(rect.x, rect.width / width, { count: width, extent: source.width });
  const rows = neighbours(rect.y, rect.height / height, { count: height, extent: source.height });
  const pixels = source.data;
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    const top = (rows.before[row] ?? 0) * source.width;
    const bottom = (rows.after[row] ?? 0) * source.width;
    const topShare = rows.beforeShare[row] ?? 0;
    const bottomShare = rows.afterShare[row] ?? 0;
    for (let column = 0; column < width; column += 1) {
      const left = columns.before[column] ?? 0;
      const right = columns.after[column] ?? 0;
      const leftShare = columns.beforeShare[column] ?? 0;
      const rightShare = columns.afterShare[column] ?? 0;
      const [a, b, c, d] = [(top + left) * 3, (top + right) * 3, (bottom + left) * 3, (bottom + right) * 3];
      for (let channel = 0; channel < 3; channel += 1) {
        const upper = leftShare * (pixels[a + channel] ?? 0) + rightShare * (pixels[b + channel] ?? 0);
        const lower = leftShare * (pixels[c + channel] ?? 0) + rightShare * (pixels[d + channel] ?? 0);
        data[at + channel] = (topShare * upper + bottomShare * lower + 0.5) | 0;
      }
      at += 3;
    }
  }
}
