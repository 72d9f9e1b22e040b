import type { Database, Queryable } from '../database';
import { type NewEvent, toRows } from '../new-events';
import { encodeRealArray } from '../real-array';
import { settleGroups } from '../people/group-rows';
import { lockRecognition } from '../people/recognition-lock';

/**
 * Events that are stored with what they tell of, or not at all: they are numbered within the caller's COMMIT, so that
 * the lock of `append_events` is not held while a client thinks. Ids that are there already are left alone.
 */
export async function appendAtCommit(tx: Queryable, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO deferred_events (batch, vectors) VALUES (
      ${JSON.stringify(toRows(events))}::jsonb, ${encodeRealArray(events.map(({ embedding = [] }) => embedding))}::real[]
    )`;
}

/** What of a video told these events. */
interface Teller {
  videoId: string;
  analysis: string;
}

/**
 * Events that are stored with what they tell of, and numbered some moments later, batch by batch
 * ({@link appendLateEvents}): so many that the lock of `append_events` must not be held for all of them at once.
 */
export async function appendAfterCommit(
  tx: Queryable,
  { videoId, analysis }: Teller,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO deferred_events (video_id, analysis, batch, vectors) VALUES (${videoId}, ${analysis},
      ${JSON.stringify(toRows(events))}::jsonb, ${encodeRealArray(events.map(({ embedding = [] }) => embedding))}::real[]
    )`;
}

/** Numbers the oldest batch that waits. Any replica may: each batch is one's. False when there is none to be had. */
export async function appendLateEvents(database: Database): Promise<boolean> {
  const [row] = await database.prisma.$queryRaw<{ appended: boolean }[]>`
    SELECT append_late_events() AS appended`;
  return row?.appended ?? false;
}

/** Another run takes the place of the one that told them, and the caller holds the video's row. */
export async function forgetLateEvents(tx: Queryable, { videoId, analysis }: Teller): Promise<void> {
  await tx.$executeRaw`DELETE FROM deferred_events WHERE video_id = ${videoId} AND analysis = ${analysis}`;
}

/** Tracks of people who were erased: their events lost their looks, or may come from before. */
export async function erasedTracks(
  tx: Queryable,
  tenantId: string,
  trackIds: readonly string[],
): Promise<Set<string>> {
  const ids = [...trackIds];
  const rows = await tx.$queryRaw<{ trackId: string }[]>`
    SELECT track_id AS "trackId" FROM erased_tracks
    WHERE tenant_id = ${tenantId} AND track_id = ANY(${ids}::text[])
    UNION
    SELECT track_id FROM events
    WHERE tenant_id = ${tenantId} AND track_id = ANY(${ids}::text[]) AND type = 'face' AND state = 'new'
      AND snapshot_key IS NULL`;
  return new Set(rows.map(({ trackId }) => trackId));
}

/**
 * Another look at the video saw other tracks: the events of these go, as retention takes events, and whom they were
 * taken for. Faces that somebody enrolled from them stay: they have pictures of their own.
 */
export async function forgetTracks(
  tx: Queryable,
  { tenantId, videoId, trackIds }: { tenantId: string; videoId: string; trackIds: readonly string[] },
): Promise<void> {
  if (trackIds.length === 0) return;
  const ids = [...trackIds];
  // Whoever changes whom a visit shows, and the recogniser, hold this row.
  await lockRecognition(tx);
  await tx.$executeRaw`
    DELETE FROM events WHERE tenant_id = ${tenantId} AND video_id = ${videoId} AND track_id = ANY(${ids}::text[])`;
  const visits = await tx.$queryRaw<{ groupId: string | null }[]>`
    DELETE FROM face_visits WHERE tenant_id = ${tenantId} AND track_id = ANY(${ids}::text[])
    RETURNING group_id AS "groupId"`;
  await settleGroups(
    tx,
    visits.flatMap(({ groupId }) => groupId ?? []),
  );
}

/** Tracks of one transaction: the recogniser waits for it. */
const FORGOTTEN_AT_ONCE = 1_000;

/**
 * The video goes, with all that its tracks told: of a busy day too many for one transaction. The caller holds the video's
 * row. False: there may be more, for another transaction.
 */
export async function forgetSomeTracks(
  tx: Queryable,
  { tenantId, videoId }: { tenantId: string; videoId: string },
): Promise<boolean> {
  // Or they would be told of tracks that are gone by then.
  await tx.$executeRaw`DELETE FROM deferred_events WHERE video_id = ${videoId}`;
  const rows = await tx.$queryRaw<{ trackId: string }[]>`
    DELETE FROM video_tracks WHERE video_id = ${videoId} AND (analysis, track_id) IN (
      SELECT analysis, track_id FROM video_tracks WHERE video_id = ${videoId} LIMIT ${FORGOTTEN_AT_ONCE}
    ) RETURNING event_track_id AS "trackId"`;
  await forgetTracks(tx, { tenantId, videoId, trackIds: rows.map(({ trackId }) => trackId) });
  return rows.length < FORGOTTEN_AT_ONCE;
}
