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

/** Part of a video; what is left out is its beginning and its end. */
interface Span {
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

interface WantedTracks extends Span {
  analysis?: 'objects' | 'faces' | undefined;
  boxes: boolean;
}

/** Between two of them a track moves evenly: the ones beside the span belong to it, too. */
function boxesIn({ fromMs, toMs }: Span): Prisma.Sql {
  if (fromMs === undefined && toMs === undefined) return Prisma.sql`t.boxes`;
  return Prisma.sql`(SELECT coalesce(jsonb_agg(b.box ORDER BY b.n), '[]') FROM (
    SELECT box, n, lead((box->>'timestampMs')::int) OVER (ORDER BY n) AS next,
      lag((box->>'timestampMs')::int) OVER (ORDER BY n) AS before
    FROM jsonb_array_elements(t.boxes) WITH ORDINALITY AS each(box, n)) b
    WHERE coalesce(b.next >= ${fromMs ?? 0}, true) AND coalesce(b.before <= ${toMs ?? 2 ** 31 - 1}, true))`;
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
    { analysis, boxes, ...span }: WantedTracks,
  ): Promise<Page<TrackRow>> {
    const after = decodeCursor(cursor);
    const rows = await this.database.prisma.$queryRaw<TrackRow[]>`
      SELECT t.analysis, t.track_id AS "trackId", t.label, t.score, t.start_ms AS "startMs", t.end_ms AS "endMs",
        ${boxes ? boxesIn(span) : Prisma.sql`NULL::jsonb`} AS boxes, t.event_track_id AS "eventTrackId",
        e.id AS "pictureEventId", p.id AS "personId", p.name AS "personName"
      FROM video_tracks t
      LEFT JOIN events e ON e.tenant_id = t.tenant_id AND e.id = t.event_track_id || ':new' AND e.snapshot_key IS NOT NULL
      LEFT JOIN face_visits v ON v.tenant_id = t.tenant_id AND v.track_id = t.event_track_id
      LEFT JOIN people p ON p.id = v.person_id
      WHERE t.tenant_id = ${tenantId} AND t.video_id = ${videoId}
        ${analysis ? Prisma.sql`AND t.analysis = ${analysis}` : Prisma.empty}
        ${span.toMs === undefined ? Prisma.empty : Prisma.sql`AND t.start_ms <= ${span.toMs}`}
        ${span.fromMs === undefined ? Prisma.empty : Prisma.sql`AND t.end_ms >= ${span.fromMs}`}
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
