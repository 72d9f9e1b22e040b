import { CamfleetError } from '@camfleet/domain';
import { type EventRow, EventsRepository, decodeCursor, pageOfRows } from '@camfleet/database';
import type { EventListQuery, EventView, Page } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';
import { toEventView } from './event-view';

/** Reading what was seen. */
@Injectable()
export class EventsService {
  constructor(
    private readonly events: EventsRepository,
    private readonly assets: AssetStore,
  ) {}

  /** Oldest first with `after`, newest first without. Throws `CURSOR_EXPIRED`, with the `oldest` there is. */
  async list(tenantId: string, query: EventListQuery): Promise<Page<EventView>> {
    const rows = await this.rows(tenantId, query);
    const page = pageOfRows(rows, {
      limit: query.limit,
      cursorOf: (row) => ({ at: Number(row.sequence), id: row.id }),
    });
    return { ...page, items: page.items.map(toEventView) };
  }

  async view(tenantId: string, id: string): Promise<EventView> {
    return toEventView(await this.existing(tenantId, id));
  }

  /** The JPEG. Throws `SNAPSHOT_NOT_FOUND` when the event came without one, or retention took it. */
  async snapshot(tenantId: string, id: string): Promise<Buffer> {
    const { snapshotKey } = await this.existing(tenantId, id);
    const jpeg = snapshotKey && (await this.assets.get(snapshotKey));
    if (!jpeg) throw new CamfleetError('SNAPSHOT_NOT_FOUND', 'This event has no picture.');
    return jpeg;
  }

  /** One row more than the page, when there is a next one. */
  private async rows(tenantId: string, query: EventListQuery): Promise<EventRow[]> {
    const { cursor, after, limit, view, ...filter } = query;
    const position = decodeCursor(cursor)?.at;
    const page = { filter, limit: limit + 1 };
    const from = after === undefined ? { before: position } : { after: position ?? after };
    if (from.after !== undefined) await this.refuseExpired(tenantId, from.after);
    if (view === 'visits') return this.events.visits(tenantId, { ...page, ...from });
    return from.after === undefined
      ? this.events.before(tenantId, { ...page, before: position })
      : this.events.after(tenantId, { ...page, after: from.after });
  }

  /** What is left must not be taken for all there was: as on `WS /api/live`. */
  private async refuseExpired(tenantId: string, after: number): Promise<void> {
    const oldest = await this.events.oldestInstead(tenantId, after);
    if (oldest !== null)
      throw new CamfleetError('CURSOR_EXPIRED', 'The events after this one are not (all) there.', {
        details: { oldest },
      });
  }

  private async existing(tenantId: string, id: string): Promise<EventRow> {
    const row = await this.events.find(tenantId, id);
    if (!row) throw new CamfleetError('EVENT_NOT_FOUND', 'There is no such event.');
    return row;
  }
}
