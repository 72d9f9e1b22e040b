export const DENSITIES = ['fit', 'large', 'medium', 'small'] as const;
export type Density = (typeof DENSITIES)[number];

const WALL_GAP_PX = 8;
const ASPECT = 16 / 9;
/** The narrowest a tile may become, in CSS pixels. */
const MIN_TILE_WIDTH: Readonly<Record<Density, number>> = { fit: 160, large: 560, medium: 340, small: 200 };

export interface WallSpace {
  density: Density;
  /** Tiles to lay out. */
  count: number;
  /** CSS pixels that are free for the wall. */
  width: number;
  height: number;
}

/** How many tiles stand side by side. `fit` takes the fewest columns with which all rows are in view. */
export function wallColumns({ density, count, width, height }: WallSpace): number {
  const most = Math.max(1, Math.floor((width + WALL_GAP_PX) / (MIN_TILE_WIDTH[density] + WALL_GAP_PX)));
  if (density !== 'fit') return most;
  for (let columns = 1; columns < most; columns++) {
    const rows = Math.ceil(count / columns);
    const tileHeight = tileWidth(width, columns) / ASPECT;
    if (rows * tileHeight + (rows - 1) * WALL_GAP_PX <= height) return columns;
  }
  return most;
}

/** CSS pixels of one tile. */
export function tileWidth(width: number, columns: number): number {
  return Math.max(0, (width - WALL_GAP_PX * (columns - 1)) / columns);
}

/** The tile that an arrow, Home or End key leads to from tile `index`; `undefined` for other keys and at edges. */
export function tileAfterKey(
  key: string,
  at: { index: number; columns: number; count: number },
): number | undefined {
  const target = targetOf(key, at);
  return target === undefined || target < 0 || target >= at.count || target === at.index ? undefined : target;
}

function targetOf(key: string, at: { index: number; columns: number; count: number }): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return at.index - 1;
    case 'ArrowRight':
      return at.index + 1;
    case 'ArrowUp':
      return at.index - at.columns;
    case 'ArrowDown':
      return at.index + at.columns;
    case 'Home':
      return 0;
    case 'End':
      return at.count - 1;
    default:
      return undefined;
  }
}
