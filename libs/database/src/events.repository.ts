import type { EventListQuery } from '@camfleet/protocol';
import type { Database } from './database';
import { Prisma } from './generated/client';
import { type NewEvent, toRows } from './new-events';
import { encodeRealArray } from './real-array';

/** What the end of a visit is made of that nobody told. */
export interface InterruptedVisit {
  tenantId: string;
  type: string;
  cameraId: string;
  workerId: string;
  epoch: number;
  occurredAt: Date;
  trackId: string;
  label: string;
  score: number;
  box: number[];
  data: Record<string, unknown>;
}

/** A stored event without its embedding, which is never given out. */
export interface EventRow {
  id: string;
  sequence: bigint;
  tenantId: string;
  type: string;
  cameraId: string | null;
  /** The camera's name as it is now, or was when it was deleted. */
  cameraName: string | null;
  videoId: string | null;
  /** The recording's file, as its owner called it. */
  videoName: string | null;
  /** The video that is this event's clip, and can be played. */
  clipVideoId: string | null;
  workerId: string | null;
  epoch: number | null;
  occurredAt: Date;
  receivedAt: Date;
  trackId: string | null;
  state: string | null;
  label: string | null;
  score: number | null;
  box: number[];
  quality: unknown;
  /** Whom its visit shows, as it is known now. */
  personId: string | null;
  personName: string | null;
  personScore: number | null;
  snapshotKey: string | null;
  data: Record<string, unknown>;
}

const CAMERA_NAME = Prisma.sql`coalesce(
    (SELECT c.name FROM cameras c WHERE c.id = e.camera_id AND c.tenant_id = e.tenant_id),
    (SELECT f.name FROM former_cameras f WHERE f.id = e.camera_id AND f.tenant_id = e.tenant_id)
  ) AS "cameraName"`;

/** Neither one that is on its way nor one that was refused. */
const VIDEOS = Prisma.sql`(SELECT r.file_name FROM videos r WHERE r.id = e.video_id AND r.tenant_id = e.tenant_id) AS "videoName",
  (SELECT c.id FROM videos c WHERE c.event_id = e.id AND c.tenant_id = e.tenant_id AND c.status <> 'receiving'
    AND (c.status <> 'error' OR c.error_code = 'JOB_DEAD')) AS "clipVideoId"`;

const COLUMNS = Prisma.sql`e.id, e.sequence, e.tenant_id AS "tenantId", e.type, e.camera_id AS "cameraId", ${CAMERA_NAME},
  e.video_id AS "videoId", ${VIDEOS}, e.worker_id AS "workerId", e.epoch, e.occurred_at AS "occurredAt",
  e.received_at AS "receivedAt", e.track_id AS "trackId", e.state, e.label, e.score, e.box, e.quality,
  e.snapshot_key AS "snapshotKey", e.data`;

/** Whom an event shows is joined when it is read: so a merge, a name or a correction holds for all events at once. */
const IDENTITY = Prisma.sql`v.person_id AS "personId", p.name AS "personName",
  CASE WHEN v.person_id IS NOT NULL THEN v.person_score END AS "personScore"`;
const IDENTITY_JOIN = Prisma.sql`
  LEFT JOIN face_visits v ON v.tenant_id = e.tenant_id AND v.track_id = e.track_id
  LEFT JOIN people p ON p.id = v.person_id`;

export type EventFilter = Pick<
  EventListQuery,
  'cameraId' | 'videoId' | 'source' | 'type' | 'personId' | 'label' | 'from' | 'to'
> & {
  cameraIds?: readonly string[];
  types?: readonly string[];
};

export class EventsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stores the batch in its order; ids that are there already are left alone. Claims the pictures of those that are
   * stored, in the same statement. Answers the new ids.
   */
  async append(events: readonly NewEvent[]): Promise<Set<string>> {
    if (events.length === 0) return new Set();
    const pictured = events.filter(({ snapshotKey }) => snapshotKey !== undefined);
    const rows = await this.database.prisma.$queryRaw<{ id: string }[]>`
      WITH added AS MATERIALIZED (
        SELECT new_id AS id FROM append_events(
          ${JSON.stringify(toRows(events))}::jsonb, ${encodeRealArray(events.map(({ embedding = [] }) => embedding))}::real[]
        )
      ), claimed AS (
        DELETE FROM doomed_files d USING unnest(
          ${pictured.map(({ id }) => id)}::text[], ${pictured.map(({ snapshotKey }) => snapshotKey)}::text[]
        ) AS picture (id, key)
        WHERE d.key = picture.key AND (
          picture.id IN (SELECT id FROM added)
          OR EXISTS (SELECT 1 FROM events e WHERE e.id = picture.id AND e.snapshot_key = picture.key)
        )
      )
      SELECT id FROM added`;
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * The newest of each visit that has no end though its camera's epoch ended at least so long ago, and not longer than
   * an hour before that. At most 500.
   */
  interrupted(endedBeforeMs: number): Promise<InterruptedVisit[]> {
    return this.database.prisma.$queryRaw<InterruptedVisit[]>`
      SELECT last.* FROM assignments a
      JOIN events begun ON begun.camera_id = a.camera_id AND begun.epoch = a.epoch AND begun.state = 'new'
      CROSS JOIN LATERAL (
        SELECT t.tenant_id AS "tenantId", t.type, t.camera_id AS "cameraId", t.worker_id AS "workerId", t.epoch,
          t.occurred_at AS "occurredAt", t.track_id AS "trackId", t.label, t.score, t.box, t.data
        FROM events t
        WHERE t.track_id = begun.track_id AND t.tenant_id = begun.tenant_id AND t.state IS NOT NULL
        ORDER BY t.sequence DESC LIMIT 1
      ) last
      WHERE a.ended_at BETWEEN now() - make_interval(secs => ${endedBeforeMs / 1000 + 3600})
          AND now() - make_interval(secs => ${endedBeforeMs / 1000})
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = begun.track_id || ':end')
      LIMIT 500`;
  }

  /** Those of `ids` that are stored. */
  async known(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM events WHERE id = ANY(${[...ids]}::text[])`;
    return new Set(rows.map(({ id }) => id));
  }

  /** Those of the events whose track shows somebody who was erased: nothing of their looks may be stored. */
  async ofErased<Tracked extends { tenantId: string; trackId?: string | undefined }>(
    events: readonly Tracked[],
  ): Promise<Set<Tracked>> {
    const tracked = events.flatMap(({ tenantId, trackId }) => (trackId ? [{ tenantId, trackId }] : []));
    if (tracked.length === 0) return new Set();
    const tenants = tracked.map(({ tenantId }) => tenantId);
    const ids = tracked.map(({ trackId }) => trackId);
    const rows = await this.database.prisma.$queryRaw<{ tenantId: string; trackId: string }[]>`
      SELECT tenant_id AS "tenantId", track_id AS "trackId" FROM erased_tracks
      WHERE (tenant_id, track_id) IN (SELECT * FROM unnest(${tenants}::text[], ${ids}::text[]))`;
    return new Set(
      events.filter(({ tenantId, trackId }) =>
        rows.some((row) => row.tenantId === tenantId && row.trackId === trackId),
      ),
    );
  }

  /** Oldest first, beginning after a sequence. */
  after(
    tenantId: string,
    { after, filter, limit }: { after: number; filter: EventFilter; limit: number },
  ): Promise<EventRow[]> {
    return this.database.prisma.$queryRaw<EventRow[]>`
      SELECT ${COLUMNS}, ${IDENTITY} FROM events e ${IDENTITY_JOIN}
      WHERE e.tenant_id = ${tenantId} AND e.sequence > ${after} ${conditions(filter)}
      ORDER BY e.sequence LIMIT ${limit}`;
  }

  /** Newest first, beginning before a sequence. */
  before(
    tenantId: string,
    { before, filter, limit }: { before?: number; filter: EventFilter; limit: number },
  ): Promise<EventRow[]> {
    return this.database.prisma.$queryRaw<EventRow[]>`
      SELECT ${COLUMNS}, ${IDENTITY} FROM events e ${IDENTITY_JOIN}
      WHERE e.tenant_id = ${tenantId} ${before === undefined ? Prisma.empty : Prisma.sql`AND e.sequence < ${before}`}
        ${conditions(filter)}
      ORDER BY e.sequence DESC LIMIT ${limit}`;
  }

  /**
   * One row a visit, newest first, or oldest first with `after`: the visit's first event, with the newest label, the score, box, quality and snapshot of
   * its best one, the newest state, and `endedAt` in `data` once it has ended.
   */
  visits(
    tenantId: string,
    { before, after, filter, limit }: { before?: number; after?: number; filter: EventFilter; limit: number },
  ): Promise<EventRow[]> {
    return this.database.prisma.$queryRaw<EventRow[]>`
      SELECT e.id, e.sequence, e.tenant_id AS "tenantId", e.type, e.camera_id AS "cameraId", ${CAMERA_NAME},
        e.video_id AS "videoId", ${VIDEOS}, e.worker_id AS "workerId", e.epoch, e.occurred_at AS "occurredAt",
        e.received_at AS "receivedAt", e.track_id AS "trackId", last.state, coalesce(last.label, e.label) AS label,
        coalesce(best.score, e.score) AS score, coalesce(best.box, e.box) AS box,
        coalesce(best.quality, e.quality) AS quality, ${IDENTITY},
        coalesce(best.snapshot_key, e.snapshot_key) AS "snapshotKey",
        e.data || jsonb_strip_nulls(jsonb_build_object(
          'bestEventId', coalesce(best.id, e.id),
          'endedAt', CASE WHEN last.state = 'end'
            THEN to_char(last.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END
        )) AS data
      FROM events e ${IDENTITY_JOIN}
      CROSS JOIN LATERAL (
        SELECT t.state, t.occurred_at, t.label FROM events t
        WHERE t.track_id = e.track_id AND t.tenant_id = e.tenant_id AND t.state IS NOT NULL ORDER BY t.sequence DESC LIMIT 1
      ) last
      LEFT JOIN LATERAL (
        SELECT t.id, t.score, t.box, t.quality, t.snapshot_key FROM events t
        WHERE t.track_id = e.track_id AND t.tenant_id = e.tenant_id AND t.state IS NOT NULL AND t.snapshot_key IS NOT NULL
        ORDER BY CASE jsonb_typeof(t.quality->'score') WHEN 'number'
            THEN (t.quality->>'score')::double precision END DESC NULLS LAST, t.sequence DESC LIMIT 1
      ) best ON true
      WHERE e.tenant_id = ${tenantId} AND e.state = 'new' AND e.track_id IS NOT NULL
        ${before === undefined ? Prisma.empty : Prisma.sql`AND e.sequence < ${before}`}
        ${after === undefined ? Prisma.empty : Prisma.sql`AND e.sequence > ${after}`} ${conditions(filter)}
      ORDER BY e.sequence ${after === undefined ? Prisma.sql`DESC` : Prisma.sql`ASC`} LIMIT ${limit}`;
  }

  /** `tenantId` `null`: of any tenant. */
  async find(tenantId: string | null, id: string): Promise<EventRow | null> {
    const rows = await this.database.prisma.$queryRaw<EventRow[]>`
      SELECT ${COLUMNS}, ${IDENTITY} FROM events e ${IDENTITY_JOIN} WHERE e.id = ${id} AND (${tenantId}::text IS NULL OR e.tenant_id = ${tenantId})`;
    return rows[0] ?? null;
  }

  /** Of every tenant, oldest first: what a replica's one reader follows. */
  afterOfAll(after: number, limit: number): Promise<EventRow[]> {
    return this.database.prisma.$queryRaw<EventRow[]>`
      SELECT ${COLUMNS}, ${IDENTITY} FROM events e ${IDENTITY_JOIN} WHERE e.sequence > ${after} ORDER BY e.sequence LIMIT ${limit}`;
  }

  /**
   * A reader that goes on after a sequence when retention has deleted events of its tenant after it, or when no event
   * here was ever given it (another database's): the oldest sequence that there is for it. `null`: it misses nothing.
   */
  async oldestInstead(tenantId: string, after: number): Promise<number | null> {
    const rows = await this.database.prisma.$queryRaw<{ oldest: bigint }[]>`
      SELECT deleted + 1 AS oldest FROM (
        SELECT coalesce((SELECT deleted_through FROM event_retention WHERE tenant_id = ${tenantId}), 0) AS deleted
      ) retention
      WHERE ${BigInt(after)} < deleted OR ${BigInt(after)} > (SELECT last_value FROM events_sequence_seq)`;
    return rows[0] ? Number(rows[0].oldest) : null;
  }

  /** The highest sequence that is stored; 0 while there is none. */
  async newest(): Promise<number> {
    const rows = await this.database.prisma.$queryRaw<{ newest: bigint }[]>`
      SELECT coalesce(max(sequence), 0) AS newest FROM events`;
    return Number(rows[0]?.newest ?? 0);
  }
}

function conditions(filter: EventFilter): Prisma.Sql {
  const parts: Prisma.Sql[] = [];
  if (filter.cameraId) parts.push(Prisma.sql`AND e.camera_id = ${filter.cameraId}`);
  if (filter.videoId) parts.push(Prisma.sql`AND e.video_id = ${filter.videoId}`);
  if (filter.source)
    parts.push(
      filter.source === 'camera'
        ? Prisma.sql`AND e.camera_id IS NOT NULL`
        : Prisma.sql`AND e.camera_id IS NULL AND e.video_id IS NOT NULL`,
    );
  if (filter.cameraIds) parts.push(Prisma.sql`AND e.camera_id = ANY(${[...filter.cameraIds]}::text[])`);
  if (filter.type) parts.push(Prisma.sql`AND e.type = ${filter.type}`);
  if (filter.types) parts.push(Prisma.sql`AND e.type = ANY(${[...filter.types]}::text[])`);
  if (filter.personId) parts.push(Prisma.sql`AND v.person_id = ${filter.personId}`);
  if (filter.label) parts.push(Prisma.sql`AND e.label = ${filter.label}`);
  if (filter.from) parts.push(Prisma.sql`AND e.occurred_at >= ${filter.from}::timestamptz`);
  if (filter.to) parts.push(Prisma.sql`AND e.occurred_at < ${filter.to}::timestamptz`);
  return parts.length > 0 ? Prisma.join(parts, ' ') : Prisma.empty;
}
