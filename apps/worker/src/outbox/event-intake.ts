import { join } from 'node:path';
import { MAX_SNAPSHOT_BYTES, WorkerEvent } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import type { PipeMessage } from '../process/frame-pipe';
import { EventOutbox, type OutboxLimits } from './event-outbox';
import { OpenVisits } from './open-visits';
import type { OutboxEvent } from './record';

/**
 * Where events come in: noted as open or ended visits, then kept. In the order in which they came. Those that
 * wait for the disk count with the outbox's events in memory.
 */
export class EventIntake {
  private work: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: {
      visits: OpenVisits;
      outbox: EventOutbox;
      interrupted: readonly WorkerEvent[];
      logger: Logger;
    },
  ) {}

  /** Opens the outbox. What the last run left open is ended by {@link endInterrupted}. */
  static async open(options: {
    directory: string;
    limits?: Partial<OutboxLimits>;
    logger: Logger;
    onEvent: () => void;
    onFull: (isFull: boolean) => void;
  }): Promise<EventIntake> {
    const outbox = await EventOutbox.open(options);
    const { visits, interrupted } = await OpenVisits.load(join(options.directory, 'open-visits.jsonl'));
    return new EventIntake({ visits, outbox, interrupted, logger: options.logger });
  }

  /** Ends the visits that a crash of the last run left open. */
  endInterrupted(): Promise<void> {
    const { interrupted } = this.options;
    return this.inOrder(() => this.store(interrupted.map((event) => ({ event }))));
  }

  get outbox(): EventOutbox {
    return this.options.outbox;
  }

  /**
   * One event from a child's pipe: its JSON as the header, its JPEG as the body.
   * @param child whose pipe it is
   */
  take({ header, body }: PipeMessage, child: number): void {
    const parsed = WorkerEvent.safeParse(header);
    if (!parsed.success) {
      this.options.logger.error({ issues: parsed.error.issues.length }, 'event.malformed');
      return;
    }
    if (!this.outbox.expect()) return;
    const hasPicture = body.length > 0 && body.length <= MAX_SNAPSHOT_BYTES;
    const event = { event: parsed.data, snapshot: hasPicture ? Buffer.from(body) : undefined };
    void this.inOrder(() => this.store([event], { expected: 1, child }));
  }

  /** The visits that this child watched end with it; its cameras may be seen by another one meanwhile. */
  childLost(child: number): Promise<void> {
    return this.inOrder(async () => {
      const ends = this.options.visits.endsOf(child);
      await this.store(ends.map((event) => ({ event })));
    });
  }

  /** Everything that came in is kept. */
  async settled(): Promise<void> {
    await this.work;
  }

  async close(): Promise<void> {
    await this.settled();
    await this.outbox.close();
  }

  private async store(
    events: readonly OutboxEvent[],
    { expected, child }: { expected?: number; child?: number } = {},
  ): Promise<void> {
    if (events.length === 0) return;
    const isEnd = ({ event }: OutboxEvent) => event.state === 'end';
    const begun = events.filter((event) => !isEnd(event)).map(({ event }) => event);
    const ended = events.filter(isEnd).map(({ event }) => event);
    // A visit is known to be open before its event is kept, and to be ended after: a crash in between makes an
    // `end` too many, which the API knows by its id.
    await this.options.visits
      .observe(begun, child)
      .catch((err: unknown) => this.options.logger.error({ err }, 'visits.not-noted'));
    await this.outbox.add(events, { expected });
    await this.options.visits
      .observe(ended)
      .catch((err: unknown) => this.options.logger.error({ err }, 'visits.not-noted'));
  }

  private inOrder(job: () => Promise<void>): Promise<void> {
    this.work = this.work
      .then(job)
      .catch((err: unknown) => this.options.logger.error({ err }, 'event.not-kept'));
    return this.work;
  }
}
