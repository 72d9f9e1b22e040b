import type { ChaosFleet } from '../chaos-fleet';
import { type AcceptedEvent, AcceptedEvents } from './accepted-events';
import { EventReader } from './event-reader';

/** Everybody who looks on from outside. */
export class Witnesses implements AsyncDisposable {
  readonly reader: EventReader;
  private readonly outboxes: AcceptedEvents[];

  constructor(fleet: ChaosFleet) {
    this.reader = new EventReader(fleet.api(0));
    this.outboxes = fleet.workers.map((worker) => new AcceptedEvents(worker));
  }

  /** What all workers have accepted up to now. */
  async accepted(): Promise<ReadonlyMap<string, AcceptedEvent>> {
    for (const outbox of this.outboxes) await outbox.look();
    return new Map(this.outboxes.flatMap(({ events }) => [...events]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const witness of [this.reader, ...this.outboxes]) await witness[Symbol.asyncDispose]();
  }
}
