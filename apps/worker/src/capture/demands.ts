import { type Variant, variantKey } from '@camfleet/domain';

export interface ViewDemand {
  variant: Variant;
  /** At most so many pictures a second. */
  fps: number;
}

export interface AnalysisDemand {
  fps: number;
  /** Of the detector's picture, pixels; its height follows the camera's shape. */
  width: number;
}

/** The key of the analysis among the demands; variants have theirs. */
export const ANALYSIS = 'analysis';

/** What is wanted of one camera at the moment. Viewers of one variant count once, with the highest rate. */
export class Demands {
  analysis: AnalysisDemand | undefined;
  private readonly views = new Set<ViewDemand>();

  add(view: ViewDemand): Disposable {
    this.views.add(view);
    return { [Symbol.dispose]: () => void this.views.delete(view) };
  }

  get isEmpty(): boolean {
    return this.views.size === 0 && this.analysis === undefined;
  }

  get hasViews(): boolean {
    return this.views.size > 0;
  }

  /** Pictures a second by key: `variantKey`, or ANALYSIS. */
  rates(): Map<string, number> {
    const rates = new Map<string, number>();
    for (const { variant, fps } of this.views) {
      const key = variantKey(variant);
      rates.set(key, Math.max(fps, rates.get(key) ?? 0));
    }
    if (this.analysis) rates.set(ANALYSIS, this.analysis.fps);
    return rates;
  }

  /** The variants whose key is among these. */
  variants(keys: ReadonlySet<string>): Variant[] {
    const variants = new Map<string, Variant>();
    for (const { variant } of this.views) {
      const key = variantKey(variant);
      if (keys.has(key)) variants.set(key, variant);
    }
    return [...variants.values()];
  }
}
