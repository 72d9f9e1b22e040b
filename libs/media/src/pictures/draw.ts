import { type Box, GLYPH_HEIGHT, GLYPH_WIDTH, glyphsOf, type PixelRect } from '@camfleet/domain';
import type { YuvPicture } from './yuv-picture';

/** Full-range YUV, 0 to 255 each. */
export type YuvColour = readonly [y: number, u: number, v: number];

export const WHITE: YuvColour = [255, 128, 128];
export const BLACK: YuvColour = [0, 128, 128];
/** A green that stands out on most pictures. */
const BOX_COLOUR: YuvColour = [180, 60, 70];

export interface OverlayBox {
  box: Box;
  /** Short: what does not fit the picture is cut off. */
  label?: string;
}

interface TextOptions {
  x: number;
  y: number;
  /** Pixels of the picture per pixel of the font. */
  scale: number;
  colour: YuvColour;
}

/** Fills a rectangle, cut to the picture. */
export function fillRect(picture: YuvPicture, rect: PixelRect, colour: YuvColour): void {
  for (const [index, plane] of picture.planes().entries()) {
    const halves = index === 0 ? 1 : 2;
    const left = Math.max(0, Math.floor(rect.x / halves));
    const right = Math.min(plane.width, Math.ceil((rect.x + rect.width) / halves));
    const bottom = Math.min(plane.height, Math.ceil((rect.y + rect.height) / halves));
    if (right <= left) continue;
    for (let y = Math.max(0, Math.floor(rect.y / halves)); y < bottom; y += 1) {
      plane.data.fill(colour[index] ?? 128, y * plane.stride + left, y * plane.stride + right);
    }
  }
}

/** Pixels that a text takes. */
export function textWidth(text: string, scale: number): number {
  return glyphsOf(text).length * (GLYPH_WIDTH + 1) * scale;
}

export function drawText(picture: YuvPicture, text: string, { x, y, scale, colour }: TextOptions): void {
  const [luma] = picture.planes();
  for (const [index, glyph] of glyphsOf(text).entries()) {
    const left = x + index * (GLYPH_WIDTH + 1) * scale;
    for (let row = 0; row < GLYPH_HEIGHT * scale; row += 1) {
      const bits = glyph[Math.floor(row / scale)] ?? 0;
      if (y + row < 0 || y + row >= luma.height) continue;
      for (let column = 0; column < GLYPH_WIDTH; column += 1) {
        if (((bits >> (GLYPH_WIDTH - 1 - column)) & 1) === 0) continue;
        const from = Math.max(0, left + column * scale);
        const to = Math.min(luma.width, left + (column + 1) * scale);
        if (to > from)
          luma.data.fill(colour[0], (y + row) * luma.stride + from, (y + row) * luma.stride + to);
      }
    }
  }
}

/** Draws boxes with their labels into the picture. */
export function drawBoxes(picture: YuvPicture, boxes: readonly OverlayBox[]): void {
  const { width, height } = picture.size;
  const line = Math.max(2, Math.round(width / 320));
  const scale = Math.max(1, Math.round(width / 480));
  for (const { box, label } of boxes) {
    const [x, y, w, h] = [box[0] * width, box[1] * height, box[2] * width, box[3] * height].map(Math.round);
    const rect = { x: x ?? 0, y: y ?? 0, width: w ?? 0, height: h ?? 0 };
    const right = rect.x + rect.width - line;
    const bottom = rect.y + rect.height - line;
    fillRect(picture, { ...rect, height: line }, BOX_COLOUR);
    fillRect(picture, { ...rect, y: bottom, height: line }, BOX_COLOUR);
    fillRect(picture, { ...rect, width: line }, BOX_COLOUR);
    fillRect(picture, { ...rect, x: right, width: line }, BOX_COLOUR);
    if (label) drawLabel(picture, label, { x: rect.x, y: rect.y, scale, colour: BLACK });
  }
}

/** On a bar above the box, or inside of it when there is no room above. */
function drawLabel(picture: YuvPicture, label: string, { x, y, scale, colour }: TextOptions): void {
  const height = (GLYPH_HEIGHT + 2) * scale;
  const top = y >= height ? y - height : y;
  fillRect(picture, { x, y: top, width: textWidth(label, scale) + scale, height }, BOX_COLOUR);
  drawText(picture, label, { x: x + scale, y: top + scale, scale, colour });
}
