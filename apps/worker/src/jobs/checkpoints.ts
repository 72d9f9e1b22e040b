import type { Progress } from './analysis';
import type { FromJobChild } from './ipc';

/** With the 2 s that an analysis may have under way, no more than 5 s of video are ever done again. */
const MAX_AHEAD_MS = 3_000;
/** A checkpoint is made after so much video, so that the API has it before the analysis would have to wait. */
const EVERY_VIDEO_MS = 2_000;
/** A larger one is not sent: the job goes on, and begins anew where this worker dies. The API takes 16 MiB. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Of a slow analysis: after so much time. */
const EVERY_MS = 2_000;

/** Says where the job is, and holds the analysis back when the API falls behind by more video than may be lost. */
export class Checkpoints {
  /** Grows with every report. */
  steps = 0;
  private savedMs: number | undefined;
  private offeredMs = 0;
  private offeredAtMs = 0;
  private toldAtMs = 0;
  private wake: () => void = () => undefined;

  constructor(
    private readonly send: (message: Extract<FromJobChild, { type: 'progress' }>) => void,
    private readonly signal: AbortSignal,
    private readonly now: () => number = () => performance.now(),
  ) {
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  /** @throws the signal's reason when the job was taken away */
  async report({ progress, timestampMs, checkpoint }: Progress): Promise<void> {
    this.signal.throwIfAborted();
    this.steps += 1;
    if (this.savedMs === undefined) {
      this.savedMs = timestampMs;
      this.offeredMs = timestampMs;
      this.offeredAtMs = this.now();
      this.toldAtMs = this.now();
    }
    const isDue = timestampMs - this.offeredMs >= EVERY_VIDEO_MS || this.now() - this.offeredAtMs >= EVERY_MS;
    if (isDue && checkpoint) {
      // Only what holds the analysis back counts as offered: whatever it waits for has been sent.
      this.offeredMs = timestampMs;
      this.offeredAtMs = this.now();
      this.toldAtMs = this.now();
      const made = checkpoint();
      const isTooLarge = JSON.stringify(made).length > MAX_BYTES;
      this.send({ type: 'progress', progress, timestampMs, ...(!isTooLarge && { checkpoint: made }) });
      if (isTooLarge) this.savedMs = timestampMs;
    } else if (this.now() - this.toldAtMs >= EVERY_MS) {
      this.toldAtMs = this.now();
      this.send({ type: 'progress', progress, timestampMs });
    }
    while (checkpoint && timestampMs - this.savedMs > MAX_AHEAD_MS) {
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.signal.throwIfAborted();
    }
  }

  /** The API has the checkpoint of this place. */
  saved(timestampMs: number): void {
    this.savedMs = Math.max(this.savedMs ?? 0, timestampMs);
    this.wake();
  }
}
