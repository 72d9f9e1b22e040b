import type { Database, Queryable } from '../database';
import { doomFiles } from '../doomed-files.repository';
import { Prisma } from '../generated/client';

/** In days; null: until somebody deletes it. */
export interface KeptDays {
  uploads: number | null;
  frames: number | null;
  snapshots: number | null;
  events: number | null;
}

/** What of a tenant is older than so many days. */
export interface Expiry {
  tenantId: string;
  days: number;
}

const RULES = Prisma.sql`uploads_days AS uploads, frames_days AS frames, snapshots_days AS snapshots, events_days AS events`;

/**
 * What is older than its rule allows, a batch a transaction. Rows go with the references to their files, and files that
 * nothing refers to then are doomed in the same transaction: a crash leaves less done, never a half.
 */
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  /** Null: nobody has said anything yet. */
  async rules(tenantId: string): Promise<KeptDays | null> {
    const [row] = await this.database.prisma.$queryRaw<KeptDays[]>`
      SELECT ${RULES} FROM retention_rules WHERE tenant_id = ${tenantId}`;
    return row ?? null;
  }

  async setRules(tenantId: string, { uploads, frames, snapshots, events }: KeptDays): Promise<void> {
    await this.database.prisma.$executeRaw`
      INSERT INTO retention_rules (tenant_id, uploads_days, frames_days, snapshots_days, events_days)
      VALUES (${tenantId}, ${uploads}, ${frames}, ${snapshots}, ${events})
      ON CONFLICT (tenant_id) DO UPDATE SET uploads_days = excluded.uploads_days,
        frames_days = excluded.frames_days, snapshots_days = excluded.snapshots_days,
        events_days = excluded.events_days`;
  }

  countUploads(expiry: Expiry): Promise<number> {
    return this.count(oldUploads(expiry));
  }

  countFrames(expiry: Expiry): Promise<number> {
    return this.count(oldFrames(expiry));
  }

  async countSnapshots(expiry: Expiry): Promise<number> {
    const old = [oldSnapshots, oldPictures, oldClips].map((of) => this.count(of(expiry)));
    return (await Promise.all(old)).reduce((sum, count) => sum + count);
  }

  countEvents({ tenantId, days }: Expiry): Promise<number> {
    return this.count(Prisma.sql`events WHERE tenant_id = ${tenantId} AND received_at < ${before(days)}`);
  }

  /** Videos that are old and that nobody works on. */
  expiredUploads(expiry: Expiry, limit: number): Promise<string[]> {
    return this.videoIds(oldUploads(expiry), limit);
  }

  /** Clips of events; the events stay. */
  expiredClips(expiry: Expiry, limit: number): Promise<string[]> {
    return this.videoIds(oldClips(expiry), limit);
  }

  /** Clips of events that are gone: nothing leads to them any more. */
  orphanedClips(expiry: Expiry, limit: number): Promise<string[]> {
    const orphaned = Prisma.sql`${oldClips(expiry)} AND NOT EXISTS (
      SELECT 1 FROM events e WHERE e.tenant_id = v.tenant_id AND e.id = v.event_id)`;
    return this.videoIds(orphaned, limit);
  }

  deleteFrames(expiry: Expiry, limit: number): Promise<number> {
    return this.deleteFiled(
      Prisma.sql`DELETE FROM video_frames WHERE (video_id, index) IN (
        SELECT f.video_id, f.index FROM ${oldFrames(expiry)} LIMIT ${limit}) RETURNING key`,
    );
  }

  /** With what the second stage found in them. */
  deleteSnapshots(expiry: Expiry, limit: number): Promise<number> {
    return this.deleteFiled(
      Prisma.sql`WITH old AS (
        DELETE FROM snapshots WHERE key IN (SELECT s.key FROM ${oldSnapshots(expiry)} LIMIT ${limit}) RETURNING key
      ), analysed AS (DELETE FROM image_analyses WHERE snapshot_s3_key IN (SELECT key FROM old))
      SELECT key FROM old`,
    );
  }

  /** Takes the pictures from old events: the events stay. */
  dropPictures(expiry: Expiry, limit: number): Promise<number> {
    return this.deleteFiled(
      Prisma.sql`WITH old AS (
        SELECT e.id, e.snapshot_key AS key FROM ${oldPictures(expiry)} ORDER BY e.sequence LIMIT ${limit} FOR UPDATE
      ), dropped AS (UPDATE events SET snapshot_key = NULL WHERE id IN (SELECT id FROM old))
      SELECT key FROM old`,
    );
  }

  /**
   * The oldest events, and where a reader may resume: in one transaction, so that none is told that it has missed
   * nothing. Events are old in the order of their sequence.
   */
  deleteEvents({ tenantId, days }: Expiry, limit: number): Promise<number> {
    return this.database.prisma.$transaction(async (tx) => {
      const [oldest] = await tx.$queryRaw<{ last: bigint | null }[]>`
        SELECT max(sequence) AS last FROM (
          SELECT sequence, received_at FROM events WHERE tenant_id = ${tenantId} ORDER BY sequence LIMIT ${limit}
        ) oldest WHERE received_at < ${before(days)}`;
      if (!oldest?.last) return 0;
      const rows = await tx.$queryRaw<{ key: string | null }[]>`
        DELETE FROM events WHERE tenant_id = ${tenantId} AND sequence <= ${oldest.last} RETURNING snapshot_key AS key`;
      await tx.$executeRaw`
        INSERT INTO event_retention AS r (tenant_id, deleted_through) VALUES (${tenantId}, ${oldest.last})
        ON CONFLICT (tenant_id) DO UPDATE SET deleted_through = greatest(r.deleted_through, excluded.deleted_through)`;
      await doomUnreferenced(
        tx,
        rows.flatMap(({ key }) => key ?? []),
      );
      return rows.length;
    });
  }

  /** Visits of which no event is left, and groups of which no visit is. */
  async deleteVisits({ tenantId, days }: Expiry, limit: number): Promise<number> {
    const visits = await this.database.prisma.$executeRaw`
      DELETE FROM face_visits WHERE (tenant_id, track_id) IN (
        SELECT v.tenant_id, v.track_id FROM face_visits v
        WHERE v.tenant_id = ${tenantId} AND v.last_at < ${before(days)}
          AND NOT EXISTS (SELECT 1 FROM events e WHERE e.track_id = v.track_id AND e.tenant_id = v.tenant_id)
        LIMIT ${limit})`;
    await this.database.prisma.$executeRaw`
      DELETE FROM unknown_groups g WHERE g.tenant_id = ${tenantId} AND g.created_at < ${before(days)}
        AND NOT EXISTS (SELECT 1 FROM face_visits v WHERE v.tenant_id = g.tenant_id AND v.group_id = g.id)`;
    return visits;
  }

  /** @param statement deletes, and answers the keys of the files that its rows referred to as `key` */
  private deleteFiled(statement: Prisma.Sql): Promise<number> {
    return this.database.prisma.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<{ key: string }[]>`${statement}`;
      await doomUnreferenced(
        tx,
        rows.map(({ key }) => key),
      );
      return rows.length;
    });
  }

  private async videoIds(from: Prisma.Sql, limit: number): Promise<string[]> {
    const rows = await this.database.prisma.$queryRaw<{ id: string }[]>`
      SELECT v.id FROM ${from} ORDER BY v.created_at LIMIT ${limit}`;
    return rows.map(({ id }) => id);
  }

  private async count(from: Prisma.Sql): Promise<number> {
    const [row] = await this.database.prisma.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM ${from}`;
    return row?.count ?? 0;
  }
}

/** Of the transaction that took a reference away: others may refer to the same file. */
export async function doomUnreferenced(tx: Queryable, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const rows = await tx.$queryRaw<{ key: string }[]>`
    SELECT key FROM unreferenced_files(${[...keys]}::text[]) AS key`;
  await doomFiles(
    tx,
    rows.map(({ key }) => key),
  );
}

function before(days: number): Prisma.Sql {
  return Prisma.sql`now() - ${days} * interval '1 day'`;
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

/** By when they were taken out: an old video may have been looked through today. */
function oldFrames({ tenantId, days }: Expiry): Prisma.Sql {
  return Prisma.sql`video_frames f JOIN vision_jobs j ON j.event_id = f.video_id AND j.analysis_type = 'frames'
    WHERE j.tenant_id = ${tenantId} AND j.state = 'done' AND j.finished_at < ${before(days)}`;
}

function oldSnapshots({ tenantId, days }: Expiry): Prisma.Sql {
  return Prisma.sql`snapshots s WHERE s.tenant_id = ${tenantId} AND s.created_at < ${before(days)}`;
}

function oldPictures({ tenantId, days }: Expiry): Prisma.Sql {
  return Prisma.sql`events e WHERE e.tenant_id = ${tenantId} AND e.snapshot_key IS NOT NULL
    AND e.received_at < ${before(days)}`;
}
