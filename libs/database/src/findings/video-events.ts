import type { Queryable } from '../database';
import { type NewEvent, toRows } from '../new-events';
import { encodeRealArray } from '../real-array';
import { settleGroups } from '../people/group-rows';

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
  await tx.$queryRaw`SELECT 1 FROM recognition WHERE task = 'events' FOR UPDATE`;
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

/** The video goes, with all that its tracks told. */
export async function forgetAllTracks(
  tx: Queryable,
  { tenantId, videoId }: { tenantId: string; videoId: string },
): Promise<void> {
  const rows = await tx.$queryRaw<{ trackId: string }[]>`
    SELECT event_track_id AS "trackId" FROM video_tracks WHERE video_id = ${videoId}`;
  await forgetTracks(tx, { tenantId, videoId, trackIds: rows.map(({ trackId }) => trackId) });
}
