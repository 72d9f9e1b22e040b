import type { RgbImage } from '@camfleet/domain';
import { sampleRegion } from '@camfleet/vision';
import { z } from 'zod';

/** Noise is averaged away. */
const SMALL = { width: 64, height: 36 };
const LEVELS = 255;
/** Correlation below which one picture tells less than a quarter (its square) of what varies in the other. */
const MAX_LIKENESS = 0.5;
/**
 * Mean change in brightness, of the whole range, and how much of it the change before does not explain: a camera that
 * turns changes all the time. FFmpeg's `scdet`, which asks for nothing else, names 0.08 to 0.14 good.
 */
const MIN_JUMP = 0.06;

export const SceneCutsState = z.object({ grey: z.base64(), change: z.number().optional() });
type SceneCutsState = z.infer<typeof SceneCutsState>;

/**
 * Says where a recording was cut: the picture becomes another one at once, which neither a light that is switched nor a
 * camera that turns looks like. Sure where frames are up to 0.1 s apart; where they are farther apart, cuts in moving
 * pictures may be missed.
 */
export class SceneCuts {
  private grey: Uint8Array | undefined;
  private change: number | undefined;

  constructor(state?: SceneCutsState) {
    this.grey = state && Uint8Array.from(Buffer.from(state.grey, 'base64'));
    this.change = state?.change;
  }

  get state(): SceneCutsState | undefined {
    const { grey, change } = this;
    return grey && { grey: Buffer.from(grey).toString('base64'), change };
  }

  /** Picture by picture, in their order. @returns whether this one belongs to another scene than the last */
  isCut(picture: RgbImage): boolean {
    const before = this.grey;
    this.grey = greyOf(picture);
    if (!before) return false;
    const { change, likeness } = compare(before, this.grey);
    const jump = Math.min(change, Math.abs(change - (this.change ?? change)));
    this.change = change;
    return jump >= MIN_JUMP && likeness < MAX_LIKENESS;
  }
}

function greyOf(picture: RgbImage): Uint8Array {
  const whole = { x: 0, y: 0, width: picture.width, height: picture.height };
  const { data } = sampleRegion(picture, whole, SMALL);
  return Uint8Array.from({ length: data.length / 3 }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(3 * at, 3 * at + 3);
    return Math.round((red + green + blue) / 3);
  });
}

/** An even change of light is taken out. */
function compare(before: Uint8Array, now: Uint8Array): { change: number; likeness: number } {
  const [meanBefore, meanNow] = [mean(before), mean(now)];
  let [apart, together, variesBefore, variesNow] = [0, 0, 0, 0];
  before.forEach((value, at) => {
    const [old, fresh] = [value - meanBefore, (now[at] ?? 0) - meanNow];
    apart += Math.abs(fresh - old);
    together += old * fresh;
    variesBefore += old * old;
    variesNow += fresh * fresh;
  });
  const scale = Math.sqrt(variesBefore * variesNow);
  return { change: apart / (LEVELS * before.length), likeness: scale > 0 ? together / scale : 0 };
}

function mean(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
