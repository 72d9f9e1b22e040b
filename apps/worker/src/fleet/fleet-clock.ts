import type { MachineClock } from './machine-clock';

/** Exchanges remembered; the quickest of them sets the clock. */
const REMEMBERED_EXCHANGES = 8;

export interface TimeExchange {
  /** `serverTime` of the answer, Unix ms. */
  serverTimeMs: number;
  /** On the machine's clock. */
  sentAtMs: number;
  receivedAtMs: number;
}

/**
 * The fleet's time: the API's `serverTime` plus monotonic time since. The offset is taken from the quickest of
 * the last exchanges, whose error is at most half its round trip.
 */
export class FleetClock {
  private exchanges: TimeExchange[] = [];
  private offset: number | undefined;

  constructor(private readonly machine: MachineClock) {}

  observe(exchange: TimeExchange): void {
    this.exchanges = [...this.exchanges, exchange].slice(-REMEMBERED_EXCHANGES);
    const roundTripMs = (e: TimeExchange) => e.receivedAtMs - e.sentAtMs;
    const best = this.exchanges.reduce((a, b) => (roundTripMs(b) <= roundTripMs(a) ? b : a));
    this.offset = best.serverTimeMs - (best.sentAtMs + best.receivedAtMs) / 2;
  }

  /** Fleet time minus machine time, for the children, which share the machine's clock. */
  get offsetMs(): number {
    if (this.offset === undefined) throw new Error('The API has not been heard yet.');
    return this.offset;
  }

  /** Unix ms. Only after the first exchange. */
  nowMs(): number {
    return this.machine.nowMs() + this.offsetMs;
  }

  isoNow(): string {
    return new Date(this.nowMs()).toISOString();
  }
}
