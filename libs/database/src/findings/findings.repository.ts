import { CamfleetError } from '@camfleet/domain';
import type { Queryable } from '../database';
import { doomFiles } from '../doomed-files.repository';
import { forgetLateEvents, forgetTracks } from './video-events';

export interface NewFrame {
  index: number;
  timestampMs: number;
  width: number;
  height: number;
  key: string;
}

export interface NewTrack {
  trackId: number;
  label: string;
  score: number;
  startMs: number;
  endMs: number;
  boxes: readonly { timestampMs: number; box: readonly number[] }[];
  /** What its events bear as their `trackId`. */
  eventTrackId: string;
  /** Of a face: its picture. */
  key: string | null;
}

export interface NewSnapshot {
  key: string;
  trackId: number;
  offsetMs: number;
  label: string;
  score: number;
  box: readonly number[];
  sharpness: number;
}

interface Whose {
  tenantId: string;
  videoId: string;
}

/** Of one analysis of a video. */
export interface WhoseTracks extends Whose {
  analysis: 'objects' | 'faces';
}

/** A track of the run before. */
interface OldTrack {
  number: number;
  eventTrackId: string;
  key: string | null;
  /** The new run saw the same. */
  isSame: boolean;
  /** The new run has one of this number. */
  hasNumber: boolean;
}

/** Old tracks that are looked at together when they go. */
const GONE_AT_ONCE = 1_000;

/**
 * Writes what was found in recordings, within the caller's transaction: whole sets, each in the place of the one before,
 * piece by piece. `begin…` puts what was there aside (under numbers below 0, which nobody else ever sees), `add…` adds a
 * piece, and `end…` lets go of what was put aside. So no set is held here, however long the video is.
 */
export class FindingsRepository {
  constructor(private readonly tx: Queryable) {}

  async beginFrames({ videoId }: Whose): Promise<void> {
    await this.tx.$executeRaw`UPDATE video_frames SET index = -1 - index WHERE video_id = ${videoId}`;
  }

  async addFrames({ videoId }: Whose, frames: readonly NewFrame[]): Promise<void> {
    const added = await this.tx.$executeRaw`
      INSERT INTO video_frames (video_id, index, timestamp_ms, width, height, key)
      SELECT ${videoId}, f.index, f."timestampMs", f.width, f.height, f.key
      FROM jsonb_to_recordset(${JSON.stringify(frames)}::jsonb) AS f (
        index integer, "timestampMs" integer, width integer, height integer, key text
      )
      ON CONFLICT DO NOTHING`;
    if (added < frames.length) throw foundTwice('frame');
    await this.keepFiles(frames.map(({ key }) => key));
  }

  async endFrames({ videoId }: Whose): Promise<void> {
    await this.tx.$executeRaw`
      WITH gone AS (DELETE FROM video_frames WHERE video_id = ${videoId} AND index < 0 RETURNING key)
      INSERT INTO doomed_files (key) SELECT DISTINCT key FROM gone
      WHERE NOT EXISTS (SELECT 1 FROM video_frames f WHERE f.key = gone.key AND f.index >= 0)
        AND NOT EXISTS (SELECT 1 FROM videos v WHERE v.thumbnail_key = gone.key)
      ON CONFLICT (key) DO UPDATE SET due_at = now()`;
  }

  async replaceThumbnail({ videoId }: Whose, key: string | null): Promise<void> {
    const old = await this.tx.$queryRaw<{ key: string | null }[]>`
      SELECT thumbnail_key AS key FROM videos WHERE id = ${videoId}`;
    await this.tx.$executeRaw`UPDATE videos SET thumbnail_key = ${key} WHERE id = ${videoId}`;
    if (key !== null) await this.keepFiles([key]);
    await this.dropFiles(old.flatMap((row) => row.key ?? []));
  }

  async beginTracks({ videoId, analysis }: WhoseTracks): Promise<void> {
    await forgetLateEvents(this.tx, { videoId, analysis });
    await this.tx.$executeRaw`
      UPDATE video_tracks SET track_id = -track_id WHERE video_id = ${videoId} AND analysis = ${analysis}`;
  }

  async addTracks({ tenantId, videoId, analysis }: WhoseTracks, tracks: readonly NewTrack[]): Promise<void> {
    const added = await this.tx.$executeRaw`
      INSERT INTO video_tracks (video_id, analysis, track_id, tenant_id, label, score, start_ms, end_ms, boxes,
        event_track_id, key)
      SELECT ${videoId}, ${analysis}, t."trackId", ${tenantId}, t.label, t.score, t."startMs", t."endMs", t.boxes,
        t."eventTrackId", t.key
      FROM jsonb_to_recordset(${JSON.stringify(tracks)}::jsonb) AS t (
        "trackId" integer, label text, score double precision, "startMs" integer, "endMs" integer, boxes jsonb,
        "eventTrackId" text, key text
      )
      ON CONFLICT DO NOTHING`;
    if (added < tracks.length) throw foundTwice('track');
    await this.keepFiles(tracks.flatMap(({ key }) => key ?? []));
  }

  /**
   * Tracks that are the same as before go on as they are; what the others told is forgotten, with their pictures.
   * `numbersGone` is told which numbers no track has any more.
   */
  async endTracks(
    { tenantId, videoId, analysis }: WhoseTracks,
    numbersGone: (trackIds: readonly number[]) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    for (;;) {
      const old = await this.tx.$queryRaw<OldTrack[]>`
        WITH gone AS (
          DELETE FROM video_tracks WHERE video_id = ${videoId} AND analysis = ${analysis} AND track_id IN (
            SELECT track_id FROM video_tracks WHERE video_id = ${videoId} AND analysis = ${analysis} AND track_id < 0
            LIMIT ${GONE_AT_ONCE})
          RETURNING -track_id AS number, event_track_id, key
        )
        SELECT number, event_track_id AS "eventTrackId", key, EXISTS (
            SELECT 1 FROM video_tracks t WHERE t.event_track_id = gone.event_track_id AND t.track_id > 0
          ) AS "isSame", EXISTS (
            SELECT 1 FROM video_tracks t
            WHERE t.video_id = ${videoId} AND t.analysis = ${analysis} AND t.track_id = gone.number
          ) AS "hasNumber"
        FROM gone`;
      await numbersGone(old.filter(({ hasNumber }) => !hasNumber).map(({ number }) => number));
      const trackIds = old.filter(({ isSame }) => !isSame).map(({ eventTrackId }) => eventTrackId);
      await forgetTracks(this.tx, { tenantId, videoId, trackIds });
      await this.dropFiles(old.flatMap(({ key }) => key ?? []));
      if (old.length < GONE_AT_ONCE) return;
    }
  }

  /**
   * Of some tracks: each has one of these at most, and what is there already stays the same row.
   * @returns keys of those that they had before
   */
  async setSnapshots(
    { tenantId, videoId }: Whose,
    { trackIds, snapshots }: { trackIds: readonly number[]; snapshots: readonly NewSnapshot[] },
  ): Promise<string[]> {
    const kept = snapshots.map(({ key }) => key);
    const others = await this.tx.$queryRaw<{ key: string }[]>`
      DELETE FROM snapshots WHERE video_id = ${videoId} AND track_id = ANY(${[...trackIds]}::integer[])
        AND key <> ALL(${kept}::text[])
      RETURNING key`;
    // The second stage may be at a row that is there.
    await this.tx.$executeRaw`
      INSERT INTO snapshots (key, tenant_id, video_id, track_id, offset_ms, label, score, box, sharpness)
      SELECT s.key, ${tenantId}, ${videoId}, s."trackId", s."offsetMs", s.label, s.score, s.box, s.sharpness
      FROM jsonb_to_recordset(${JSON.stringify(snapshots)}::jsonb) AS s (
        key text, "trackId" integer, "offsetMs" integer, label text, score double precision, box double precision[],
        sharpness double precision
      )
      ON CONFLICT (key) DO UPDATE SET label = excluded.label, score = excluded.score, box = excluded.box,
        sharpness = excluded.sharpness`;
    await this.keepFiles(kept);
    const gone = others.map(({ key }) => key);
    await doomFiles(this.tx, gone);
    return gone;
  }

  /** What nothing refers to is deleted when this is committed. */
  async dropFiles(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.tx.$executeRaw`
      INSERT INTO doomed_files (key) SELECT key FROM unreferenced_files(${[...keys]}::text[]) AS key
      ON CONFLICT (key) DO UPDATE SET due_at = now()`;
  }

  private async keepFiles(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.tx.$executeRaw`DELETE FROM doomed_files WHERE key = ANY(${[...keys]}::text[])`;
  }
}

const foundTwice = (what: string) =>
  new CamfleetError('RESULT_INVALID', `The same number stands for more than one ${what}.`);
