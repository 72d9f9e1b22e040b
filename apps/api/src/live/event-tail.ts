import { type EventFilter, type EventRow, EventsRepository } from '@camfleet/database';
import { LIVE_BACKLOG_LIMIT } from '@camfleet/protocol';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ChangeFeed } from '../core/change-feed';
import { FaceLibrary } from '../people/library/face-library';

const PAGE = 500;

/**
 * The newest events of all tenants, read from the database once for all readers of this replica.
 * Holds the last {@link LIVE_BACKLOG_LIMIT}; a reader that is further behind reads the database itself.
 */
@Injectable()
export class EventTail implements OnApplicationBootstrap {
  private rows: EventRow[] = [];
  /** Every event up to here has been read; those after `floor` are in `rows`. */
  private position = 0;
  private floor = 0;
  private reading?: Promise<void>;
  private again = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly events: EventsRepository,
    private readonly changes: ChangeFeed,
    private readonly library: FaceLibrary,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.position = this.floor = await this.events.newest();
    this.changes.on('events', () => {
      this.read().catch((err: unknown) => this.options.logger.warn({ err }, 'event_tail.failed'));
    });
  }

  /** The sequence up to which everything is known here. */
  get newest(): number {
    return this.position;
  }

  /** True when everything after a sequence is in memory. */
  holds(sequence: number): boolean {
    return sequence >= this.floor;
  }

  /** Where a reader may begin that cannot go on after this sequence; `null`: it can. */
  oldestInstead(tenantId: string, after: number): Promise<number | null> {
    return this.events.oldestInstead(tenantId, after);
  }

  /** Called after new events have come. Answers what ends it. */
  onNew(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** How many events of anybody came after a sequence, as far as is known here. */
  countAfter(sequence: number): number {
    return this.rows.length - this.indexAfter(sequence);
  }

  /**
   * Events of a tenant after a sequence, oldest first, and the sequence up to which that is all.
   * `upTo` grows past events that the filter leaves out. Whom they show is as the library has it by now: what a reader
   * is told of changes goes on from there, and rows that were read before a change would undo it.
   */
  async after(
    tenantId: string,
    { after, filter }: { after: number; filter: EventFilter },
  ): Promise<{ rows: EventRow[]; upTo: number }> {
    if (this.holds(after)) {
      const upTo = this.position;
      const rows = this.rows
        .slice(this.indexAfter(after))
        .filter((row) => row.tenantId === tenantId && passes(row, filter))
        .map((row) => this.identified(row));
      return { rows, upTo: Math.max(after, upTo) };
    }
    const known = this.position;
    const rows = await this.events.after(tenantId, { after, filter, limit: PAGE });
    const last = rows.at(-1);
    return {
      rows: rows.map((row) => this.identified(row)),
      upTo:
        rows.length === PAGE && last
          ? Number(last.sequence)
          : Math.max(after, known, Number(last?.sequence ?? 0)),
    };
  }

  private identified(row: EventRow): EventRow {
    const { tenantId, trackId } = row;
    return trackId === null ? row : { ...row, ...this.library.identityOf(tenantId, trackId) };
  }

  private async read(): Promise<void> {
    this.again = true;
    this.reading ??= this.readAll().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readAll(): Promise<void> {
    while (this.again) {
      this.again = false;
      for (;;) {
        const rows = await this.events.afterOfAll(this.position, PAGE);
        const last = rows.at(-1);
        if (!last) break;
        this.keep(rows);
        this.position = Number(last.sequence);
        for (const listener of this.listeners) listener();
      }
    }
  }

  private keep(rows: EventRow[]): void {
    this.rows.push(...rows);
    const dropped = this.rows.splice(0, Math.max(0, this.rows.length - LIVE_BACKLOG_LIMIT));
    this.floor = Number(dropped.at(-1)?.sequence ?? this.floor);
  }

  private indexAfter(sequence: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.rows[middle]?.sequence) > sequence) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function passes(row: EventRow, { cameraIds, types }: EventFilter): boolean {
  if (cameraIds && !cameraIds.includes(row.cameraId ?? '')) return false;
  return !types || types.includes(row.type);
}
