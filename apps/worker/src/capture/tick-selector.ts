/** Absorbs rounding, so that a rate that divides another meets every one of its ticks. */
const EPSILON = 1e-6;

/**
 * Chooses which frames are worth work. The fastest demand sets the ticks, as a share of the source's rate, and
 * every other demand takes a share of those ticks: so analysis and viewers fall on the same frames. Counts
 * frames, not time: uneven arrival loses none.
 */
export class TickSelector {
  private tickCredit = 0;
  private readonly credits = new Map<string, number>();

  /**
   * To be asked once per frame.
   * @param demands pictures a second, by demand; one that is new is due at the next tick
   * @param sourceFps undefined while it is not known: then every frame may be a tick
   */
  select(demands: ReadonlyMap<string, number>, sourceFps: number | undefined): Set<string> {
    const due = new Set<string>();
    for (const id of this.credits.keys()) if (!demands.has(id)) this.credits.delete(id);
    const fastest = Math.max(0, ...demands.values());
    if (fastest === 0) return due;
    // What is wanted of a camera beyond what it gives makes no ticks, and takes no share from the others.
    const ticksPerSecond = Math.min(fastest, sourceFps || fastest);
    const isNew = [...demands.keys()].some((id) => !this.credits.has(id));
    this.tickCredit += sourceFps ? ticksPerSecond / sourceFps : 1;
    if (this.tickCredit < 1 - EPSILON && !isNew) return due;
    this.tickCredit = isNew ? 0 : this.tickCredit - 1;
    for (const [id, fps] of demands) {
      const credit =
        (this.credits.get(id) ?? 1) + (this.credits.has(id) ? Math.min(1, fps / ticksPerSecond) : 0);
      const isDue = credit >= 1 - EPSILON;
      if (isDue) due.add(id);
      this.credits.set(id, isDue ? credit - 1 : credit);
    }
    return due;
  }
}
