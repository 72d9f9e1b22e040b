import { GLYPH_HEIGHT, type Size } from '@camfleet/domain';
import { drawText, fillRect, textWidth, WHITE, type YuvColour } from './draw';
import { YuvPicture } from './yuv-picture';

const DARK: YuvColour = [28, 132, 126];
/** How bright a last picture stays behind the text, of 256. */
const DIMMED = 90;

export interface SlateOptions {
  size: Size;
  /** Shown in the middle, one below the other. */
  lines: readonly string[];
}

/** A dark picture with text, for while a camera has none of its own; the caller disposes of it. */
export function paintSlate({ size, lines }: SlateOptions): YuvPicture {
  const picture = YuvPicture.allocate(size);
  fillRect(picture, { x: 0, y: 0, ...size }, DARK);
  writeLines(picture, lines);
  return picture;
}

/** Dims the last picture in place and writes the text over it. */
export function paintSlateOver(picture: YuvPicture, lines: readonly string[]): void {
  const [luma] = picture.planes();
  for (let y = 0; y < luma.height; y += 1) {
    const row = y * luma.stride;
    for (let at = row; at < row + luma.width; at += 1) luma.data[at] = ((luma.data[at] ?? 0) * DIMMED) >> 8;
  }
  writeLines(picture, lines);
}

function writeLines(picture: YuvPicture, lines: readonly string[]): void {
  const { width, height } = picture.size;
  const longest = Math.max(1, ...lines.map((line) => textWidth(line, 1)));
  const scale = Math.max(1, Math.min(Math.floor((width * 0.9) / longest), Math.round(width / 240)));
  const lineHeight = (GLYPH_HEIGHT + 4) * scale;
  const top = Math.round((height - lines.length * lineHeight) / 2);
  for (const [index, line] of lines.entries()) {
    const x = Math.round((width - textWidth(line, scale)) / 2);
    drawText(picture, line, { x, y: top + index * lineHeight, scale, colour: WHITE });
  }
}
