import type { Queryable } from '../database';
import { doomFiles } from '../doomed-files.repository';

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

/** Writes what was found in recordings: whole sets, each in the place of the one before, within the caller's transaction. */
export class FindingsRepository {
  constructor(private readonly tx: Queryable) {}

  /** @returns keys of the frames that were there before */
  async replaceFrames({ videoId }: Whose, frames: readonly NewFrame[]): Promise<string[]> {
    const old = await this.tx.$queryRaw<{ key: string }[]>`
      DELETE FROM video_frames WHERE video_id = ${videoId} RETURNING key`;
    await this.tx.$executeRaw`
      INSERT INTO video_frames (video_id, index, timestamp_ms, width, height, key)
      SELECT ${videoId}, f.index, f."timestampMs", f.width, f.height, f.key
      FROM jsonb_to_recordset(${JSON.stringify(frames)}::jsonb) AS f (
        index integer, "timestampMs" integer, width integer, height integer, key text
      )`;
    return old.map(({ key }) => key);
  }

  /** @returns the key of the one before */
  async replaceThumbnail({ videoId }: Whose, key: string | null): Promise<string[]> {
    const old = await this.tx.$queryRaw<{ key: string | null }[]>`
      SELECT thumbnail_key AS key FROM videos WHERE id = ${videoId}`;
    await this.tx.$executeRaw`UPDATE videos SET thumbnail_key = ${key} WHERE id = ${videoId}`;
    return old.flatMap((row) => row.key ?? []);
  }

  /** @returns the tracks that were there before, with the ids that their events bear */
  async replaceTracks(
    { tenantId, videoId, analysis }: Whose & { analysis: 'objects' | 'faces' },
    tracks: readonly NewTrack[],
  ): Promise<{ eventTrackId: string; key: string | null }[]> {
    const old = await this.tx.$queryRaw<{ eventTrackId: string; key: string | null }[]>`
      DELETE FROM video_tracks WHERE video_id = ${videoId} AND analysis = ${analysis}
      RETURNING event_track_id AS "eventTrackId", key`;
    await this.tx.$executeRaw`
      INSERT INTO video_tracks (video_id, analysis, track_id, tenant_id, label, score, start_ms, end_ms, boxes,
        event_track_id, key)
      SELECT ${videoId}, ${analysis}, t."trackId", ${tenantId}, t.label, t.score, t."startMs", t."endMs", t.boxes,
        t."eventTrackId", t.key
      FROM jsonb_to_recordset(${JSON.stringify(tracks)}::jsonb) AS t (
        "trackId" integer, label text, score double precision, "startMs" integer, "endMs" integer, boxes jsonb,
        "eventTrackId" text, key text
      )`;
    return old;
  }

  /** @returns keys of the snapshots that were there before */
  async replaceSnapshots({ tenantId, videoId }: Whose, snapshots: readonly NewSnapshot[]): Promise<string[]> {
    const rows = JSON.stringify(snapshots);
    const old = await this.tx.$queryRaw<{ key: string }[]>`
      SELECT key FROM snapshots WHERE video_id = ${videoId}`;
    const kept = snapshots.map(({ key }) => key);
    await this.tx.$executeRaw`
      DELETE FROM snapshots WHERE video_id = ${videoId} AND key <> ALL(${kept}::text[])`;
    // What is there already stays the same row: the second stage may be at it.
    await this.tx.$executeRaw`
      INSERT INTO snapshots (key, tenant_id, video_id, track_id, offset_ms, label, score, box, sharpness)
      SELECT s.key, ${tenantId}, ${videoId}, s."trackId", s."offsetMs", s.label, s.score, s.box, s.sharpness
      FROM jsonb_to_recordset(${rows}::jsonb) AS s (
        key text, "trackId" integer, "offsetMs" integer, label text, score double precision, box double precision[],
        sharpness double precision
      )
      ON CONFLICT (key) DO UPDATE SET label = excluded.label, score = excluded.score, box = excluded.box,
        sharpness = excluded.sharpness`;
    return old.map(({ key }) => key);
  }

  /** Files that are referred to by now stay, of whatever stage they are; the others go when this is committed. */
  async settleFiles({ kept, others }: { kept: readonly string[]; others: readonly string[] }): Promise<void> {
    await this.tx.$executeRaw`DELETE FROM doomed_files WHERE key = ANY(${[...kept]}::text[])`;
    const still = new Set(kept);
    await doomFiles(
      this.tx,
      others.filter((key) => !still.has(key)),
    );
  }
}
