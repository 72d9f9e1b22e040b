import type { Database } from '../database';
import { Prisma } from '../generated/client';
import { changeIdentities } from '../people/recognition-lock';
import { before, countOf, deleteFiled, doomUnreferenced, type Expiry } from './expiry';

/** In days; null: until somebody deletes it. */
export interface KeptDays {
  uploads: number | null;
  frames: number | null;
  snapshots: number | null;
  events: number | null;
}

const RULES = Prisma.sql`uploads_days AS uploads, frames_days AS frames, snapshots_days AS snapshots, events_days AS events`;

/**
 * The rules, and what of live video is older than they allow, a batch a transaction. Rows go with the references to their files, and files that
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

  countPictures(expiry: Expiry): Promise<number> {
    return countOf(this.database, oldPictures(expiry));
  }

  countEvents({ tenantId, days }: Expiry): Promise<number> {
    return countOf(
      this.database,
      Prisma.sql`events WHERE tenant_id = ${tenantId} AND received_at < ${before(days)}`,
    );
  }

  /**
   * Takes the pictures from old events: the events stay. A face of a recording has its picture from its track too, so
   * that one which a worker writes anew just now stays for it.
   */
  dropPictures(expiry: Expiry, limit: number): Promise<number> {
    return deleteFiled(this.database, expiry.tenantId, async (tx) => {
      const rows = await tx.$queryRaw<{ key: string }[]>`
        WITH old AS (
          SELECT e.id, e.snapshot_key AS key FROM ${oldPictures(expiry)} ORDER BY e.sequence LIMIT ${limit} FOR UPDATE
        ), dropped AS (UPDATE events SET snapshot_key = NULL WHERE id IN (SELECT id FROM old))
        SELECT key FROM old`;
      return rows.map(({ key }) => key);
    });
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

  /** Visits of which no event is left, and groups of which no visit is; while the recogniser is at none of them. */
  deleteVisits({ tenantId, days }: Expiry, limit: number): Promise<number> {
    return changeIdentities(this.database, async (tx) => {
      const visits = await tx.$executeRaw`
        DELETE FROM face_visits WHERE (tenant_id, track_id) IN (
          SELECT v.tenant_id, v.track_id FROM face_visits v
          WHERE v.tenant_id = ${tenantId} AND v.last_at < ${before(days)}
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.track_id = v.track_id AND e.tenant_id = v.tenant_id)
          LIMIT ${limit})`;
      await tx.$executeRaw`
        DELETE FROM unknown_groups g WHERE g.tenant_id = ${tenantId} AND g.created_at < ${before(days)}
          AND NOT EXISTS (SELECT 1 FROM face_visits v WHERE v.tenant_id = g.tenant_id AND v.group_id = g.id)`;
      return visits;
    });
  }
}

function oldPictures({ tenantId, days }: Expiry): Prisma.Sql {
  return Prisma.sql`events e WHERE e.tenant_id = ${tenantId} AND e.snapshot_key IS NOT NULL
    AND e.received_at < ${before(days)}`;
}
