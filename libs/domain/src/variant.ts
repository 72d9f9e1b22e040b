/** One encoding of a camera's video: every viewer of the same variant shares its frames. */
export interface Variant {
  /** Pixels; `0` stands for the source's own width. */
  width: VariantWidth;
  overlay: boolean;
}

export const VARIANT_WIDTHS = [0, 1280, 640, 320] as const;
export type VariantWidth = (typeof VARIANT_WIDTHS)[number];
export const DEFAULT_VARIANT_WIDTH: VariantWidth = 640;
/** Encodings a camera may have at a time; further ones get the nearest. */
const MAX_VARIANTS_PER_CAMERA = 4;

/**
 * The width that a requested one (pixels) snaps to: the nearest of 1280, 640 and 320,
 * or the source's own when the request is nearer to it or when 1280 is far too small.
 */
export function snapWidth(requested: number | undefined, sourceWidth?: number): VariantWidth {
  if (requested === undefined) return DEFAULT_VARIANT_WIDTH;
  let best: VariantWidth = DEFAULT_VARIANT_WIDTH;
  let bestDistance = Infinity;
  for (const width of VARIANT_WIDTHS) {
    const pixels = width === 0 ? (sourceWidth ?? 1920) : width;
    const distance = Math.abs(pixels - requested);
    if (distance < bestDistance) [best, bestDistance] = [width, distance];
  }
  return best;
}

export function variantKey(variant: Variant): string {
  return `${variant.width}${variant.overlay ? '+overlay' : ''}`;
}

/** The variant that a viewer is served: the wanted one, or the nearest that runs when no more may. */
export function servedVariant(wanted: Variant, running: readonly Variant[]): Variant {
  const isRunning = running.some((variant) => variantKey(variant) === variantKey(wanted));
  if (isRunning || running.length < MAX_VARIANTS_PER_CAMERA) return wanted;
  const cost = (v: Variant) =>
    Math.abs((v.width || 1920) - (wanted.width || 1920)) + (v.overlay === wanted.overlay ? 0 : 100);
  return [...running].sort((a, b) => cost(a) - cost(b))[0] ?? wanted;
}
