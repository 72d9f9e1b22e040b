import type { PixelRect, Size } from '@camfleet/domain';
import type { VideoPicture } from '../decoding/video-frame';

export interface VisibleRegion {
  /** Coded pixels of the frame; even corner and sides. */
  source: PixelRect;
  /** Where it lies in the picture that was asked for, before rotation. */
  target: PixelRect;
  /** That picture's size, before rotation. */
  size: Size;
}

/** Turns a rectangle of the upright display into one of the frame as it is coded (not yet stretched). */
function unrotate(rect: PixelRect, { rotation, display }: VideoPicture): PixelRect {
  const right = display.width - rect.x - rect.width;
  const below = display.height - rect.y - rect.height;
  const turned = { width: rect.height, height: rect.width };
  if (rotation === 90) return { x: rect.y, y: right, ...turned };
  if (rotation === 270) return { x: below, y: rect.x, ...turned };
  if (rotation === 180) return { ...rect, x: right, y: below };
  return rect;
}

/** The part of `rect` (display pixels) that lies inside the frame; undefined when none does. */
export function visibleRegion(
  frame: VideoPicture,
  rect: PixelRect,
  upright: Size,
): VisibleRegion | undefined {
  const turned = unrotate(rect, frame);
  const asCoded = (size: Size): Size =>
    frame.rotation % 180 === 0 ? size : { width: size.height, height: size.width };
  const size = asCoded(upright);
  const stretch = frame.coded.width / asCoded(frame.display).width;
  const wanted = { ...turned, x: turned.x * stretch, width: turned.width * stretch };
  const left = Math.max(0, Math.floor(wanted.x / 2) * 2);
  const top = Math.max(0, Math.floor(wanted.y / 2) * 2);
  const right = Math.min(frame.coded.width, Math.round(wanted.x + wanted.width));
  const bottom = Math.min(frame.coded.height, Math.round(wanted.y + wanted.height));
  if (right - left < 2 || bottom - top < 2 || wanted.width <= 0 || wanted.height <= 0) return undefined;
  const toX = (value: number) => Math.round(((value - wanted.x) * size.width) / wanted.width);
  const toY = (value: number) => Math.round(((value - wanted.y) * size.height) / wanted.height);
  const x = Math.max(0, toX(left));
  const y = Math.max(0, toY(top));
  const width = Math.max(1, Math.min(size.width, toX(right)) - x);
  const height = Math.max(1, Math.min(size.height, toY(bottom)) - y);
  return {
    source: { x: left, y: top, width: right - left, height: bottom - top },
    target: { x, y, width, height },
    size,
  };
}
