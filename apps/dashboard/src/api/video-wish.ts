export interface VideoWish {
  /** Pixels. */
  width: number;
  overlay: boolean;
  fps: number;
}

/** Widths that the server encodes; beyond the last it sends the source's own. */
const ENCODED_WIDTHS = [320, 640, 1280];
const SOURCE_WIDTH = 1920;
/** A picture may be stretched by this much before the next larger one is worth its cost. */
const TOLERATED_STRETCH = 1.25;

/** The width to ask for, so that a tile of so many CSS pixels looks sharp on this screen. */
export function widthFor(cssWidth: number, devicePixelRatio: number): number {
  const pixels = cssWidth * devicePixelRatio;
  return ENCODED_WIDTHS.find((width) => width * TOLERATED_STRETCH >= pixels) ?? SOURCE_WIDTH;
}

/** One subscription that serves several viewers of a camera; `undefined` when there is none. */
export function widestOf(wishes: readonly VideoWish[]): VideoWish | undefined {
  if (wishes.length === 0) return undefined;
  return {
    width: Math.max(...wishes.map((wish) => wish.width)),
    overlay: wishes.some((wish) => wish.overlay),
    fps: Math.max(...wishes.map((wish) => wish.fps)),
  };
}
