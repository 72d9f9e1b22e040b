/** The longest gap that is taken for a camera's usual one. */
const MAX_USUAL_MS = 10_000;
const MIN_PATIENCE_MS = 1_000;
/** Once the connection is known to be gone, nothing more is to be expected. */
const DISCONNECTED_PATIENCE_MS = 500;
/** Between two slates of ours; those of a worker come each second. */
const SLATE_INTERVAL_MS = 1_000;
const WORKER_SLATE_PATIENCE_MS = 2_500;

/**
 * How long viewers see nothing new before a slate tells them so: half a second after the last picture when the
 * connection to the worker is gone, else three times the camera's usual gap between two pictures, a second at
 * least, so that a slow camera does not flicker between pictures and slates.
 */
export class Staleness {
  /** Falls slowly and rises at once: one late picture makes us patient for a while. */
  private usualMs: number;
  private last: { kind: 'nothing' | 'picture' | 'our slate' | "worker's slate"; atMs: number };
  /** Unknown after an interruption, whose length says nothing about the camera. */
  private lastPictureAtMs?: number;

  /** `fps`: what the worker is asked for at most. */
  constructor({ fps, nowMs }: { fps: number; nowMs: number }) {
    this.usualMs = Math.min(MAX_USUAL_MS, Math.max(MIN_PATIENCE_MS, 1000 / fps));
    this.last = { kind: 'nothing', atMs: nowMs };
  }

  pictureShown(nowMs: number): void {
    if (this.lastPictureAtMs !== undefined) {
      const gapMs = nowMs - this.lastPictureAtMs;
      this.usualMs = Math.min(MAX_USUAL_MS, Math.max(gapMs, this.usualMs * 0.9 + gapMs * 0.1));
    }
    this.lastPictureAtMs = nowMs;
    this.last = { kind: 'picture', atMs: nowMs };
  }

  workersSlateShown(nowMs: number): void {
    this.lastPictureAtMs = undefined;
    this.last = { kind: "worker's slate", atMs: nowMs };
  }

  /** True when a slate of ours is to be shown now; `connected`: to a worker that has shown anything. */
  takeSlate({ connected, nowMs }: { connected: boolean; nowMs: number }): boolean {
    if (!connected) this.lastPictureAtMs = undefined;
    if (nowMs - this.last.atMs < this.patienceMs(connected)) return false;
    this.last = { kind: 'our slate', atMs: nowMs };
    return true;
  }

  private patienceMs(connected: boolean): number {
    if (this.last.kind === 'our slate') return SLATE_INTERVAL_MS;
    if (this.last.kind === 'nothing' || !connected) return DISCONNECTED_PATIENCE_MS;
    if (this.last.kind === "worker's slate") return WORKER_SLATE_PATIENCE_MS;
    return Math.max(MIN_PATIENCE_MS, 3 * this.usualMs);
  }
}
