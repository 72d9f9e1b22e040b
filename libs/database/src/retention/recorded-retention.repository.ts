import type { Database, Transaction } from '../database';
import { Prisma } from '../generated/client';
import { deleteInParts } from '../videos/videos.repository';
import { before, countOf, deleteFiled, type Expiry } from './expiry';

/** Videos that one batch holds. */
const VIDEOS_AT_ONCE = 20;

interface Keyed {
  key: string;
}

/**
 * Recorded videos and what was found in them, as far as it is older than its rule allows. What a job found is as old as the
 * last run of that job: a worker that is at it may just have written the same files again, and nothing of theirs goes.
 */
export class RecordedRetentionRepository {
  constructor(private readonly database: Database) {}

  countUploads(expiry: Expiry): Promise<number> {
    return countOf(this.database, oldUploads(expiry));
  }

  countClips(expiry: Expiry): Promise<number> {
    return countOf(this.database, oldClips(expiry));
  }

  countFrames(expiry: Expiry): Promise<number> {
    return countOf(this.database, oldFrames(expiry));
  }

  async countSnapshots(expiry: Expiry): Promise<number> {
    const old = [oldSnapshots, oldFaces].map((of) => countOf(this.database, of(expiry)));
    return (await Promise.all(old)).reduce((sum, count) => sum + count);
  }

  /** Videos that are old and that nobody works on. */
  deleteUploads(expiry: Expiry, limit: number): Promise<number> {
    return this.deleteVideos(oldUploads(expiry), limit);
  }

  /** Clips of events; the events stay. */
  deleteClips(expiry: Expiry, limit: number): Promise<number> {
    return this.deleteVideos(oldClips(expiry), limit);
  }

  /** Clips of events that are gone: nothing leads to them any more. */
  deleteOrphanedClips(expiry: Expiry, limit: number): Promise<number> {
    const orphaned = Prisma.sql`${oldClips(expiry)} AND NOT EXISTS (
      SELECT 1 FROM events e WHERE e.tenant_id = v.tenant_id AND e.id = v.event_id)`;
    return this.deleteVideos(orphaned, limit);
  }

  deleteFrames(expiry: Expiry, limit: number): Promise<number> {
    const old = oldFrames(expiry);
    return this.deleteFound(
      expiry,
      (id) => Prisma.sql`${old} AND f.video_id = ${id}`,
      (tx, videoIds) =>
        tx.$queryRaw<Keyed[]>`
        DELETE FROM video_frames WHERE (video_id, index) IN (
          SELECT f.video_id, f.index FROM ${old} AND f.video_id = ANY(${videoIds}::text[]) LIMIT ${limit}
        ) RETURNING key`,
    );
  }

  /** With what the second stage found in them, or was to look for. */
  deleteSnapshots(expiry: Expiry, limit: number): Promise<number> {
    const old = oldSnapshots(expiry);
    const oldOf = (id: Prisma.Sql) => Prisma.sql`${old} AND s.video_id = ${id}`;
    return this.deleteFound(expiry, oldOf, async (tx, videoIds) => {
      const deleted = await tx.$queryRaw<Keyed[]>`
        DELETE FROM snapshots WHERE key IN (
          SELECT s.key FROM ${old} AND s.video_id = ANY(${videoIds}::text[]) LIMIT ${limit}
        ) RETURNING key`;
      const keys = deleted.map(({ key }) => key);
      // Whoever claims a job or ends it locks the job first and its analysis then: so do we.
      await tx.$executeRaw`
        DELETE FROM vision_jobs WHERE analysis_type = 'classification' AND event_id IN (
          SELECT id FROM image_analyses WHERE snapshot_s3_key = ANY(${keys}::text[]))`;
      await tx.$executeRaw`DELETE FROM image_analyses WHERE snapshot_s3_key = ANY(${keys}::text[])`;
      return deleted;
    });
  }

  /** Takes the pictures from faces: their tracks stay. */
  dropFaces(expiry: Expiry, limit: number): Promise<number> {
    const old = oldFaces(expiry);
    return this.deleteFound(
      expiry,
      (id) => Prisma.sql`${old} AND t.video_id = ${id}`,
      (tx, videoIds) =>
        tx.$queryRaw<Keyed[]>`
        WITH old AS (
          SELECT t.video_id, t.analysis, t.track_id, t.key FROM ${old} AND t.video_id = ANY(${videoIds}::text[])
          LIMIT ${limit}
        )
        UPDATE video_tracks t SET key = NULL FROM old
        WHERE t.video_id = old.video_id AND t.analysis = old.analysis AND t.track_id = old.track_id RETURNING old.key`,
    );
  }

  /**
   * In videos whose rows we hold: nobody asks for a job of theirs meanwhile. Those that somebody else holds wait for the
   * next run, and no other one with them.
   */
  private deleteFound(
    { tenantId }: Expiry,
    oldOf: (videoId: Prisma.Sql) => Prisma.Sql,
    deletion: (tx: Transaction, videoIds: string[]) => Promise<Keyed[]>,
  ): Promise<number> {
    return deleteFiled(this.database, tenantId, async (tx) => {
      const held = await tx.$queryRaw<{ id: string }[]>`
        SELECT held.id FROM videos held
        WHERE held.tenant_id = ${tenantId} AND EXISTS (SELECT 1 FROM ${oldOf(Prisma.sql`held.id`)})
        ORDER BY held.id LIMIT ${VIDEOS_AT_ONCE} FOR UPDATE OF held SKIP LOCKED`;
      const deleted = await deletion(
        tx,
        held.map(({ id }) => id),
      );
      return deleted.map(({ key }) => key);
    });
  }

  /**
   * Each in transactions of its own, if it is still what it was when it was found. One that cannot be deleted keeps no
   * other one; throws why when none could.
   */
  private async deleteVideos(old: Prisma.Sql, limit: number): Promise<number> {
    const found = await this.database.prisma.$queryRaw<{ id: string }[]>`
      SELECT v.id FROM ${old} ORDER BY v.created_at LIMIT ${limit}`;
    let deleted = 0;
    const errors: unknown[] = [];
    for (const { id } of found)
      try {
        if (await this.deleteVideo(id, old)) deleted += 1;
      } catch (error) {
        errors.push(error);
      }
    if (deleted === 0 && errors.length > 0) throw errors[0];
    return deleted;
  }

  private async deleteVideo(id: string, old: Prisma.Sql): Promise<boolean> {
    const doomed = await deleteInParts(this.database, id, async (tx) => {
      const still = await tx.$queryRaw<unknown[]>`SELECT 1 FROM ${old} AND v.id = ${id}`;
      return still.length > 0 ? tx.video.findUnique({ where: { id } }) : null;
    });
    return doomed !== null;
  }
}

function oldUploads(expiry: Expiry): Prisma.Sql {
  return Prisma.sql`${idleVideos(expiry)} AND v.event_id IS NULL`;
}

function oldClips(expiry: Expiry): Prisma.Sql {
  return Prisma.sql`${idleVideos(expiry)} AND v.event_id IS NOT NULL`;
}

function idleVideos({ tenantId, days }: Expiry): Prisma.Sql {
  return Prisma.sql`videos v WHERE v.tenant_id = ${tenantId} AND v.status NOT IN ('receiving', 'queued', 'processing')
    AND coalesce(v.uploaded_at, v.created_at) < ${before(days)}`;
}

function oldFrames(expiry: Expiry): Prisma.Sql {
  return Prisma.sql`video_frames f WHERE f.video_id IN (${videosOver(expiry, 'frames')})`;
}

function oldSnapshots({ tenantId, days }: Expiry): Prisma.Sql {
  return Prisma.sql`snapshots s WHERE s.tenant_id = ${tenantId} AND s.created_at < ${before(days)}
    AND ${isOver(Prisma.sql`s.video_id`, 'objects', days)}`;
}

function oldFaces(expiry: Expiry): Prisma.Sql {
  return Prisma.sql`video_tracks t WHERE t.key IS NOT NULL AND t.analysis = 'faces'
    AND t.video_id IN (${videosOver(expiry, 'faces')})`;
}

/** What was found in a video is no older than it. */
function videosOver({ tenantId, days }: Expiry, analysisType: string): Prisma.Sql {
  return Prisma.sql`SELECT v.id FROM videos v WHERE v.tenant_id = ${tenantId} AND v.created_at < ${before(days)}
    AND ${isOver(Prisma.sql`v.id`, analysisType, days)}`;
}

/** No job of this type is at the video or is to be, and none ended in these days: an old one may be looked through today. */
function isOver(videoId: Prisma.Sql, analysisType: string, days: number): Prisma.Sql {
  return Prisma.sql`NOT EXISTS (SELECT 1 FROM vision_jobs j WHERE j.video_id = ${videoId}
    AND j.analysis_type = ${analysisType} AND (j.due_at IS NOT NULL OR j.finished_at >= ${before(days)}))`;
}
