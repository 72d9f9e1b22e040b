import type { Queryable } from '../database';
import { Prisma } from '../generated/client';
import { lockRecognition } from '../people/recognition-lock';
import { decodeRealArray } from '../real-array';
import type { NewTrack, WhoseTracks } from './findings.repository';

/** A face's track with what it looks like. */
export interface LookedTrack extends Pick<NewTrack, 'eventTrackId' | 'startMs' | 'endMs' | 'boxes'> {
  model: string | null;
  modelVersion: string | null;
  /** Empty: it has none. */
  embedding: Float32Array;
}

/** What was said of the visit `from` is said of `to`. */
export interface HandOver {
  from: string;
  to: Pick<LookedTrack, 'eventTrackId' | 'startMs' | 'endMs'>;
}

type Stored = Omit<LookedTrack, 'embedding'> & { embedding: Uint8Array };

/** Tracks that go, with all their boxes, that are held at a time. */
const PAGE = 20;
/** And new ones beside them: one face that stays all day is there with all of these. */
const FETCH_PAGE = Prisma.raw('FETCH 100 FROM meanwhile');

/**
 * Tracks of which users said something, between `beginTracks` and `endTracks` of the run that finds others: what was said
 * can still be handed over.
 */
export class SpokenTracks {
  constructor(
    private readonly tx: Queryable,
    private readonly whose: WhoseTracks,
  ) {}

  /**
   * Until the transaction ends nobody says more, and nothing is recognised: not before there is a track that goes, for
   * then `endTracks` needs it, too. `false`: none does.
   */
  async lock(): Promise<boolean> {
    const { videoId, analysis } = this.whose;
    const going = await this.tx.$queryRaw<unknown[]>`
      SELECT 1 FROM video_tracks t
      WHERE t.video_id = ${videoId} AND t.analysis = ${analysis} AND t.track_id < 0 AND NOT EXISTS (
        SELECT 1 FROM video_tracks s WHERE s.event_track_id = t.event_track_id AND s.track_id > 0)
      LIMIT 1`;
    if (going.length === 0) return false;
    await lockRecognition(this.tx);
    return true;
  }

  /** Tracks that go and of which a user said who it is or is not, or that nobody cares; page by page. */
  async *going(): AsyncGenerator<LookedTrack[]> {
    const { tenantId, videoId, analysis } = this.whose;
    for (let before = 0; ;) {
      const rows = await this.tx.$queryRaw<(Stored & { trackId: number })[]>`
        SELECT t.track_id AS "trackId", t.event_track_id AS "eventTrackId", t.start_ms AS "startMs",
          t.end_ms AS "endMs", t.boxes, v.model, v.model_version AS "modelVersion",
          array_send(v.embedding) AS embedding
        FROM video_tracks t JOIN face_visits v ON v.tenant_id = t.tenant_id AND v.track_id = t.event_track_id
        LEFT JOIN unknown_groups g ON g.id = v.group_id
        WHERE t.tenant_id = ${tenantId} AND t.video_id = ${videoId} AND t.analysis = ${analysis}
          AND t.track_id < ${before}
          AND (v.decided_by = 'user' OR cardinality(v.not_person_ids) > 0 OR g.dismissed_at IS NOT NULL)
          AND NOT EXISTS (
            SELECT 1 FROM video_tracks s WHERE s.event_track_id = t.event_track_id AND s.track_id > 0)
        ORDER BY t.track_id DESC LIMIT ${PAGE}`;
      const last = rows.at(-1);
      if (!last) return;
      yield rows.map(looked);
      before = last.trackId;
    }
  }

  /** Tracks that are new and seen while one of these was, or up to `edgeMs` from it; page by page, one walk at a time. */
  async *meanwhile(
    tracks: readonly LookedTrack[],
    { edgeMs }: { edgeMs: number },
  ): AsyncGenerator<LookedTrack[]> {
    const { tenantId, videoId, analysis } = this.whose;
    // A cursor: what all of them look like is unpacked once, and not for each page. All of it will be read.
    await this.tx.$queryRaw`SELECT set_config('cursor_tuple_fraction', '1', true)`;
    await this.tx.$executeRaw`
      DECLARE meanwhile NO SCROLL CURSOR FOR
      WITH met AS MATERIALIZED (
        SELECT t.event_track_id, t.start_ms, t.end_ms, t.boxes FROM video_tracks t
        WHERE t.tenant_id = ${tenantId} AND t.video_id = ${videoId} AND t.analysis = ${analysis} AND t.track_id > 0
          AND EXISTS (
            SELECT 1 FROM unnest(
              ${tracks.map(({ startMs }) => startMs - edgeMs)}::integer[],
              ${tracks.map(({ endMs }) => endMs + edgeMs)}::integer[]) AS seen (from_ms, to_ms)
            WHERE t.start_ms <= seen.to_ms AND t.end_ms >= seen.from_ms)
          AND NOT EXISTS (
            SELECT 1 FROM video_tracks s WHERE s.event_track_id = t.event_track_id AND s.track_id < 0)
      ), looks AS (
        -- What the new run tells is appended at the end of this transaction, or later.
        SELECT r.track_id, r.model, r.model_version,
          d.vectors[r.vector_start : r.vector_start + r.vector_length - 1] AS vector
        FROM deferred_events d CROSS JOIN jsonb_to_recordset(d.batch) AS r (
          track_id text, state text, model text, model_version text, vector_start integer, vector_length integer
        )
        WHERE (d.video_id = ${videoId} OR d.video_id IS NULL)
          AND r.state = 'new' AND r.vector_length > 0 AND r.track_id IN (SELECT event_track_id FROM met)
      )
      SELECT m.event_track_id AS "eventTrackId", m.start_ms AS "startMs", m.end_ms AS "endMs", m.boxes, l.model,
        l.model_version AS "modelVersion", array_send(coalesce(l.vector, '{}')) AS embedding
      FROM met m LEFT JOIN looks l ON l.track_id = m.event_track_id`;
    for (;;) {
      const rows = await this.tx.$queryRaw<Stored[]>`${FETCH_PAGE}`;
      if (rows.length === 0) break;
      yield rows.map(looked);
    }
    await this.tx.$executeRaw`CLOSE meanwhile`;
  }

  /** The visit of `to` begins with what was said of `from`, before anything of it is recognised. */
  async handOver({ from, to }: HandOver, { startMs }: { startMs: number }): Promise<void> {
    const at = (offsetMs: number) => new Date(startMs + offsetMs);
    // Its own looks take the place of these with the first sighting: they weigh nothing.
    await this.tx.$executeRaw`
      INSERT INTO face_visits (tenant_id, track_id, first_at, last_at, model, model_version, embedding, person_id,
        person_score, decided_by, not_person_ids, group_id, is_pending)
      SELECT tenant_id, ${to.eventTrackId}, ${at(to.startMs)}, ${at(to.endMs)}, model, model_version, embedding,
        person_id, person_score, decided_by, not_person_ids, group_id, is_pending
      FROM face_visits WHERE tenant_id = ${this.whose.tenantId} AND track_id = ${from}
      ON CONFLICT DO NOTHING`;
  }

  /** Faces that were kept or denied with the word go along, so that taking it back takes them back. */
  async handOverFaces({ from, to }: HandOver): Promise<void> {
    await this.tx.$executeRaw`
      UPDATE person_faces SET track_id = ${to.eventTrackId}, event_id = ${`${to.eventTrackId}:new`}
      WHERE tenant_id = ${this.whose.tenantId} AND track_id = ${from}`;
  }
}

function looked({
  eventTrackId,
  startMs,
  endMs,
  boxes,
  model,
  modelVersion,
  embedding,
}: Stored): LookedTrack {
  const vector = decodeRealArray(embedding);
  return { eventTrackId, startMs, endMs, boxes, model, modelVersion, embedding: vector };
}
