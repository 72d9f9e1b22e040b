import type { Page, SnapshotView } from '@camfleet/protocol';
import type { Database } from '../database';
import { Prisma } from '../generated/client';
import { decodeCursor, pageOfRows } from '../page';
import type { NewFrame } from './findings.repository';

export interface TrackRow {
  analysis: 'objects' | 'faces';
  trackId: number;
  label: string;
  score: number;
  startMs: number;
  endMs: number;
  boxes: { timestampMs: number; box: [number, number, number, number] }[] | null;
  eventTrackId: string;
  /** The event that bears its picture; null when it has none, or none any more. */
  pictureEventId: string | null;
  /** Whom its events show, as it is known now. */
  personId: string | null;
  personName: string | null;
}

/** As `SnapshotView`, without the address. */
type SnapshotRow = Omit<SnapshotView, 'url'>;

interface PageOf {
  tenantId: string;
  videoId: string;
  limit: number;
  cursor?: string;
}

/** Reads what was found in recordings, page by page; in the order of time, or of the tracks. */
export class FindingsPagesRepository {
  constructor(private readonly database: Database) {}

  async frames({ tenantId, videoId, limit, cursor }: PageOf): Promise<Page<NewFrame>> {
    const after = decodeCursor(cursor);
    const rows = await this.database.prisma.$queryRaw<NewFrame[]>`
      SELECT f.index, f.timestamp_ms AS "timestampMs", f.width, f.height, f.key
      FROM video_frames f JOIN videos v ON v.id = f.video_id AND v.tenant_id = ${tenantId}
      WHERE f.video_id = ${videoId} AND f.index > ${after?.at ?? -1}
      ORDER BY f.index LIMIT ${limit + 1}`;
    return pageOfRows(rows, { limit, cursorOf: ({ index, key }) => ({ at: index, id: key.slice(-200) }) });
  }

  async tracks(
    { tenantId, videoId, limit, cursor }: PageOf,
    { analysis, boxes }: { analysis?: 'objects' | 'faces'; boxes: boolean },
  ): Promise<Page<TrackRow>> {
    const after = decodeCursor(cursor);
    const rows = await this.database.prisma.$queryRaw<TrackRow[]>`
      SELECT t.analysis, t.track_id AS "trackId", t.label, t.score, t.start_ms AS "startMs", t.end_ms AS "endMs",
        ${boxes ? Prisma.sql`t.boxes` : Prisma.sql`NULL::jsonb AS boxes`}, t.event_track_id AS "eventTrackId",
        e.id AS "pictureEventId", p.id AS "personId", p.name AS "personName"
      FROM video_tracks t
      LEFT JOIN events e ON e.tenant_id = t.tenant_id AND e.id = t.event_track_id || ':new' AND e.snapshot_key IS NOT NULL
      LEFT JOIN face_visits v ON v.tenant_id = t.tenant_id AND v.track_id = t.event_track_id
      LEFT JOIN people p ON p.id = v.person_id
      WHERE t.tenant_id = ${tenantId} AND t.video_id = ${videoId}
        ${analysis ? Prisma.sql`AND t.analysis = ${analysis}` : Prisma.empty}
        ${after ? Prisma.sql`AND (t.analysis, t.track_id) > (${after.id}, ${after.at})` : Prisma.empty}
      ORDER BY t.analysis, t.track_id LIMIT ${limit + 1}`;
    return pageOfRows(rows, { limit, cursorOf: ({ trackId, analysis: id }) => ({ at: trackId, id }) });
  }

  async snapshots({ tenantId, videoId, limit, cursor }: PageOf): Promise<Page<SnapshotRow>> {
    const after = decodeCursor(cursor);
    const rows = await this.database.prisma.$queryRaw<SnapshotRow[]>`
      SELECT key, track_id AS "trackId", offset_ms AS "offsetMs", label, score, box FROM snapshots
      WHERE tenant_id = ${tenantId} AND video_id = ${videoId} AND track_id > ${after?.at ?? -1}
      ORDER BY track_id LIMIT ${limit + 1}`;
    return pageOfRows(rows, { limit, cursorOf: ({ trackId }) => ({ at: trackId, id: 'snapshot' }) });
  }
}
