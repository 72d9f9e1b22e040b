import type { Logger } from '@camfleet/telemetry';
import { OutboxLedger } from './outbox-ledger';
import type { OutboxEvent } from './record';
import { type Segment, SegmentStore } from './segment-store';
import { setUnreadableAside } from './unreadable-records';

export interface OutboxLimits {
  /** On disk. Beyond it the oldest snapshots are dropped, then the oldest events; both are counted. */
  maxBytes: number;
  segmentBytes: number;
  /** Kept in memory while the disk takes nothing; further events are lost and counted. */
  maxEventsInMemory: number;
  syncIntervalMs: number;
  retryWriteMs: number;
}

export const DEFAULT_OUTBOX_LIMITS: OutboxLimits = {
  maxBytes: 512 * 1024 * 1024,
  segmentBytes: 8 * 1024 * 1024,
  maxEventsInMemory: 1_000,
  syncIntervalMs: 1_000,
  retryWriteMs: 1_000,
};

export interface OutboxStatus {
  depth: number;
  oldestAt: string | null;
  lostEvents: number;
  lostSnapshots: number;
  rejected: number;
}

export interface OutboxOptions {
  directory: string;
  limits?: Partial<OutboxLimits>;
  logger: Logger;
  /** An event waits to be delivered. */
  onEvent: () => void;
  /** True when no more events can be kept: analysis should pause until it is false again. */
  onFull: (isFull: boolean) => void;
}

/**
 * Events kept on disk until the API has them. Accepted = written to the newest segment's file (the kernel has it;
 * synced each second). Delivered in order of acceptance; the segment that is being delivered is never
 * thinned out, so that the counts of what was lost are exact, through kill -9 too.
 */
export class EventOutbox {
  private readonly limits: OutboxLimits;
  private readonly memory: OutboxEvent[] = [];
  /** The rest of the segment under delivery; undefined when it has to be read. */
  private head: { number: number; events: OutboxEvent[] } | undefined;
  private work: Promise<unknown> = Promise.resolve();
  private readonly syncTimer: NodeJS.Timeout;
  private retryTimer: NodeJS.Timeout | undefined;
  private isFull = false;
  /** Events that are on their way to {@link add}: they are in memory too. */
  private expected = 0;
  private lostInMemory = 0;

  private constructor(
    private readonly store: SegmentStore,
    private readonly ledger: OutboxLedger,
    private readonly options: OutboxOptions,
  ) {
    this.limits = { ...DEFAULT_OUTBOX_LIMITS, ...options.limits };
    this.syncTimer = setInterval(() => void this.exclusively(() => store.sync()), this.limits.syncIntervalMs);
  }

  static async open(options: OutboxOptions): Promise<EventOutbox> {
    const store = await SegmentStore.open(options.directory);
    const ledger = await OutboxLedger.open(options.directory);
    await setUnreadableAside({ store, ledger, ...options });
    const { segment } = ledger.state;
    for (const old of store.segments.filter(({ number }) => number < segment)) await store.remove(old.number);
    const outbox = new EventOutbox(store, ledger, options);
    // A full disk may be in the way, and is no reason not to start.
    await outbox.carryOut().catch((err: unknown) => options.logger.error({ err }, 'outbox.not-writable'));
    return outbox;
  }

  status(): OutboxStatus {
    const { lostEvents, lostSnapshots, rejected } = this.ledger.state;
    const oldest = this.head?.events[0] ?? (this.store.segments.length === 0 ? this.memory[0] : undefined);
    return {
      depth: this.depth,
      oldestAt: oldest?.event.occurredAt ?? null,
      lostEvents: lostEvents + this.lostInMemory,
      lostSnapshots,
      rejected,
    };
  }

  /**
   * Announces an event that will be added: a disk that stalls shows here, and nowhere else. False when memory is
   * full: the event is lost, and counted.
   */
  expect(): boolean {
    const hasRoom = this.memory.length + this.expected < this.limits.maxEventsInMemory;
    if (hasRoom) this.expected += 1;
    else this.lostInMemory += 1;
    this.noteRoom();
    return hasRoom;
  }

  /**
   * Keeps the events; they are accepted when it resolves, unless the disk takes nothing.
   * @param options `expected`: how many of them were announced
   */
  add(events: readonly OutboxEvent[], { expected = 0 } = {}): Promise<void> {
    return this.exclusively(async () => {
      this.expected -= expected;
      this.memory.push(...events);
      await this.writeMemory();
      this.options.onEvent();
    });
  }

  /** The next events to deliver: at most `maxEvents`, and their pictures at most `maxSnapshotBytes` (but one). */
  peek(limits: { maxEvents: number; maxSnapshotBytes: number }): Promise<OutboxEvent[]> {
    return this.exclusively(async () => {
      await this.loadHead();
      const waiting = this.head?.events.length ? this.head.events : this.memory;
      let bytes = 0;
      let count = 0;
      for (const { snapshot } of waiting) {
        bytes += snapshot?.length ?? 0;
        if (count > 0 && (count >= limits.maxEvents || bytes > limits.maxSnapshotBytes)) break;
        count += 1;
      }
      return waiting.slice(0, count);
    });
  }

  /** The API has these events, which {@link peek} gave, or has refused `rejected` of them for good. */
  delivered(events: readonly OutboxEvent[], rejected: number): Promise<void> {
    return this.exclusively(async () => {
      const { head, ledger } = this;
      const change = { rejected: ledger.state.rejected + rejected };
      if (!head || head.events[0] !== events[0]) {
        const done = new Set(events);
        this.memory.splice(0, Infinity, ...this.memory.filter((event) => !done.has(event)));
        this.noteRoom();
        return ledger.note(change);
      }
      head.events.splice(0, events.length);
      if (head.events.length === 0 && this.store.active?.number !== head.number) {
        this.head = undefined;
        await ledger.note({ ...change, segment: head.number + 1, delivered: 0 });
        return this.store.remove(head.number);
      }
      const before = ledger.state.segment === head.number ? ledger.state.delivered : 0;
      await ledger.note({ ...change, segment: head.number, delivered: before + events.length });
    });
  }

  async close(): Promise<void> {
    clearInterval(this.syncTimer);
    clearTimeout(this.retryTimer);
    await this.exclusively(() => this.store.close());
  }

  private get depth(): number {
    const { segment, delivered } = this.ledger.state;
    const records = this.store.segments.reduce((sum, { records }) => sum + records, 0);
    const isThere = this.store.segments.some(({ number }) => number === segment);
    return records - (isThere ? delivered : 0) + this.memory.length;
  }

  /** One change at a time, in the order of the calls. */
  private exclusively<Result>(job: () => Promise<Result>): Promise<Result> {
    const run = this.work.then(job);
    this.work = run.catch((error: unknown) => this.options.logger.error({ err: error }, 'outbox.failed'));
    return run;
  }

  private async writeMemory(): Promise<void> {
    try {
      await this.makeRoom();
      await this.store.append(this.memory);
      if (this.head && this.head.number === this.store.active?.number) this.head.events.push(...this.memory);
      this.memory.length = 0;
      await this.recordLosses();
    } catch (error) {
      if (!this.retryTimer) this.options.logger.error({ err: error }, 'outbox.not-writable');
      this.retryTimer ??= setTimeout(() => this.retry(), this.limits.retryWriteMs);
      this.lostInMemory += this.memory.splice(this.limits.maxEventsInMemory).length;
    }
    this.noteRoom();
  }

  /** What was lost while the disk took nothing, now that it does. */
  private async recordLosses(): Promise<void> {
    if (this.lostInMemory === 0) return;
    await this.ledger.change({ lostEvents: this.ledger.state.lostEvents + this.lostInMemory });
    this.lostInMemory = 0;
  }

  private retry(): void {
    this.retryTimer = undefined;
    if (this.memory.length > 0) void this.exclusively(() => this.writeMemory());
  }

  private noteRoom(): void {
    const isFull = this.memory.length + this.expected >= this.limits.maxEventsInMemory;
    if (isFull !== this.isFull) this.options.onFull(isFull);
    this.isFull = isFull;
  }

  private async makeRoom(): Promise<void> {
    await this.carryOut();
    const { active, segments } = this.store;
    const next = Math.max(this.ledger.state.segment, segments.at(-1)?.number ?? 0) + 1;
    if (!active || active.bytes >= this.limits.segmentBytes) await this.store.roll(next);
    while (this.store.totalBytes > this.limits.maxBytes) if (!(await this.thinOut())) return;
  }

  /** Drops the oldest snapshots, or when there are none left the oldest events. False when nothing can go. */
  private async thinOut(): Promise<boolean> {
    const underDelivery = this.head?.number ?? this.ledger.state.segment;
    const droppable = (segment: Segment) =>
      segment.number !== underDelivery && segment.number !== this.store.active?.number;
    const candidates = this.store.segments.filter(droppable);
    const withPictures = candidates.find((segment) => segment.snapshots > 0);
    const { ledger } = this;
    if (withPictures) {
      await ledger.change({
        lostSnapshots: ledger.state.lostSnapshots + withPictures.snapshots,
        pending: { action: 'strip', segment: withPictures.number },
      });
    } else if (candidates[0]) {
      await ledger.change({
        lostEvents: ledger.state.lostEvents + candidates[0].records,
        pending: { action: 'drop', segment: candidates[0].number },
      });
    } else return false;
    await this.carryOut();
    return true;
  }

  /** Does what is counted already, once more when a crash or a full disk came between. */
  private async carryOut(): Promise<void> {
    const { pending } = this.ledger.state;
    if (!pending) return;
    if (pending.action === 'strip') await this.store.strip(pending.segment);
    else await this.store.remove(pending.segment);
    await this.ledger.change({ pending: null });
  }

  private async loadHead(): Promise<void> {
    while (!this.head || this.head.events.length === 0) {
      const isActive = this.head !== undefined && this.head.number === this.store.active?.number;
      if (this.head && !isActive) await this.store.remove(this.head.number);
      const oldest = this.store.segments[0];
      if (!oldest || isActive) {
        if (!oldest) this.head = undefined;
        return;
      }
      const events = await this.store.read(oldest.number);
      const { segment, delivered, pending } = this.ledger.state;
      const waiting = segment === oldest.number ? events.slice(delivered) : events;
      // Counted as lost, and still on a disk that was too full to write the segment anew.
      const isStripped = pending?.action === 'strip' && pending.segment === oldest.number;
      this.head = {
        number: oldest.number,
        events: isStripped ? waiting.map(({ event }) => ({ event })) : waiting,
      };
      if (this.head.events.length === 0 && this.store.active?.number === oldest.number) return;
    }
  }
}
