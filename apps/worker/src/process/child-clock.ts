import type { Clock } from '../capture';
import type { MachineClock } from '../fleet/machine-clock';

/** The fleet's time in a child: the worker says how far it is from the machine's clock. Never goes back. */
export class ChildClock implements Clock {
  private offsetMs: number | undefined;
  private lastMs = 0;

  constructor(private readonly machine: MachineClock) {}

  adjust(offsetMs: number): void {
    this.offsetMs = offsetMs;
  }

  /** Unix ms. Before the first lease there is no fleet time, and no camera runs. */
  nowMs(): number {
    this.lastMs = Math.max(this.lastMs, this.machine.nowMs() + (this.offsetMs ?? 0));
    return this.lastMs;
  }
}
