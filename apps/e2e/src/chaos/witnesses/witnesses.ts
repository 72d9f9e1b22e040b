import type { ChaosFleet } from '../chaos-fleet';
import { type AcceptedEvent, AcceptedEvents } from './accepted-events';
import { EventReader } from './event-reader';
import { FeedViewer } from './feed-viewer';

/** Everybody who looks on from outside. */
export class Witnesses implements AsyncDisposable {
  readonly reader: EventReader;
  /** One for each camera but the last, which nobody watches but to see whether it is back. */
  readonly viewers: FeedViewer[];
  private readonly outboxes: AcceptedEvents[];

  constructor(fleet: ChaosFleet) {
    this.reader = new EventReader(fleet.api(0));
    this.viewers = fleet.cameraIds
      .slice(0, -1)
      .map((cameraId, index) => new FeedViewer(fleet, { cameraId, camera: index + 1 }));
    this.outboxes = fleet.workers.map((worker) => new AcceptedEvents(worker));
  }

  /** What all workers have accepted up to now. */
  async accepted(): Promise<ReadonlyMap<string, AcceptedEvent>> {
    for (const outbox of this.outboxes) await outbox.look();
    return new Map(this.outboxes.flatMap(({ events }) => [...events]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const witness of [this.reader, ...this.viewers, ...this.outboxes])
      await witness[Symbol.asyncDispose]();
  }
}
