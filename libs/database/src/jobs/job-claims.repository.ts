import type { Database } from '../database';
import { Prisma } from '../generated/client';
import { NOW } from './job-rows';

/** One job that somebody asks for. */
export interface ClaimSlot {
  workerId: string;
  leaseSeconds: number;
}

/** What a group of claims may get. */
export interface ClaimScope {
  /** `null`: of any tenant. */
  tenantId: string | null;
  /** `null`: of any type. */
  analysisTypes: readonly string[] | null;
  /** Leaves what is reserved to others. */
  isRegistered: boolean;
}

/** A line of waiting jobs. */
export interface JobQueue {
  tenantId: string;
  analysisType: string;
}

export interface ClaimedRow {
  id: number;
  /** Which of the slots it is for, from 0. */
  slot: number;
  tenantId: string;
  eventId: string;
  videoId: string | null;
  analysisType: string;
  attemptCount: number;
  leaseToken: string;
  leasedUntil: Date;
  params: Record<string, unknown>;
  checkpoint: unknown;
  /** Where the video lies; of a classification, its snapshot. */
  rawKey: string | null;
  traceparent: string | null;
  /** Whose lease of it ended without a word, just before. */
  leftBy: string | null;
}

type RawClaimedRow = Omit<ClaimedRow, 'id' | 'slot'> & { id: bigint; slot: bigint; step: number };

const MAX_PASSES = 10;

/** Its worker died, or gave it back in the middle: it goes before those that nobody has begun. */
const IS_BEGUN = Prisma.sql`(j.state = 'leased' OR j.checkpoint IS NOT NULL)`;
const LOOKED_AT = Prisma.sql`j.id, j.due_at, CASE WHEN j.state = 'leased' THEN j.locked_by END AS left_by`;

export class JobClaimsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Leases what is due, each slot at most one job. Goes round over the queues (tenant and type) that have something,
   * beginning after `from`, and takes the same of each: however much one tenant has waiting, the next one's turn
   * comes. In a queue what was begun already goes first, then what waits longest. Answers where to begin next time. A queue
   * costs a look into an index, and so does a tenant; where nothing is due all of them are looked at.
   */
  async claim(
    slots: readonly ClaimSlot[],
    { scope, from }: { scope: ClaimScope; from: JobQueue },
  ): Promise<{ claimed: ClaimedRow[]; next: JobQueue }> {
    const claimed: ClaimedRow[] = [];
    let next = from;
    for (let pass = 0; pass < MAX_PASSES && claimed.length < slots.length; pass += 1) {
      const taken = claimed.length;
      const rows = await this.pass(slots.slice(taken), { scope, from: next });
      const last = rows.reduce<RawClaimedRow | undefined>(
        (a, b) => (a && a.step >= b.step ? a : b),
        undefined,
      );
      if (!last) break;
      next = { tenantId: last.tenantId, analysisType: last.analysisType };
      claimed.push(
        ...rows.map((row) => ({ ...row, id: Number(row.id), slot: taken + Number(row.slot) - 1 })),
      );
    }
    return { claimed, next };
  }

  /** Gives back what nobody was there to take: no attempt is counted. */
  async release(jobs: readonly { id: number; leaseToken: string }[]): Promise<void> {
    const ids = jobs.map(({ id }) => id);
    const tokens = jobs.map(({ leaseToken }) => leaseToken);
    await this.database.prisma.$executeRaw`
      UPDATE vision_jobs SET state = 'queued', attempt_count = attempt_count - 1, due_at = ${NOW}, locked_by = NULL,
        locked_at = NULL, lease_token = NULL, updated_at = now()
      WHERE state = 'leased' AND (id, lease_token) IN (SELECT * FROM unnest(${ids}::bigint[], ${tokens}::text[]))`;
  }

  private pass(
    slots: readonly ClaimSlot[],
    { scope, from }: { scope: ClaimScope; from: JobQueue },
  ): Promise<RawClaimedRow[]> {
    const count = slots.length;
    const workerIds = slots.map(({ workerId }) => workerId);
    const leases = slots.map(({ leaseSeconds }) => leaseSeconds);
    const ofTenant = scope.tenantId === null ? Prisma.empty : Prisma.sql`AND j.tenant_id = ${scope.tenantId}`;
    // Steps to the types that are asked for, whether or not there are any, or to those that there are.
    const nextType = scope.analysisTypes
      ? Prisma.sql`SELECT type FROM unnest(${[...scope.analysisTypes]}::text[]) type WHERE type > walk.analysis_type
          ORDER BY type LIMIT 1`
      : Prisma.sql`SELECT j.analysis_type AS type FROM vision_jobs j WHERE j.due_at IS NOT NULL
          AND j.tenant_id = walk.tenant_id AND j.analysis_type > walk.analysis_type ORDER BY j.analysis_type LIMIT 1`;
    const isReserved = scope.isRegistered
      ? Prisma.sql`AND (j.reserved_until IS NULL OR j.reserved_until <= now())`
      : Prisma.empty;
    const isDue = Prisma.sql`j.tenant_id = w.tenant_id AND j.analysis_type = w.analysis_type AND j.due_at <= now()
      AND j.attempt_count < j.max_attempts ${isReserved}`;
    const share = Prisma.sql`(SELECT ceil(${count}::numeric / greatest(count(*), 1)) FROM ready)`;
    return this.database.prisma.$queryRaw<RawClaimedRow[]>`
      WITH RECURSIVE walk AS (
        SELECT ${from.tenantId}::text AS tenant_id, ${from.analysisType}::text AS analysis_type, false AS wrapped, 0 AS step
        UNION ALL
        SELECT next.tenant_id, next.analysis_type, next.wrapped, walk.step + 1
        FROM walk CROSS JOIN LATERAL (
          (SELECT walk.tenant_id, found.type AS analysis_type, walk.wrapped FROM (${nextType}) found)
          UNION ALL
          (SELECT j.tenant_id, '', walk.wrapped FROM vision_jobs j
            WHERE j.due_at IS NOT NULL AND j.tenant_id > walk.tenant_id ${ofTenant}
            ORDER BY j.tenant_id, j.analysis_type LIMIT 1)
          UNION ALL
          (SELECT j.tenant_id, '', true FROM vision_jobs j
            WHERE j.due_at IS NOT NULL AND NOT walk.wrapped ${ofTenant}
            ORDER BY j.tenant_id, j.analysis_type LIMIT 1)
          LIMIT 1
        ) next
        WHERE NOT (next.wrapped AND (next.tenant_id, next.analysis_type) > (${from.tenantId}::text, ${from.analysisType}::text))
      ), ready AS MATERIALIZED (
        -- A look into the index for each; with EXISTS all that wait would be read. No further steps than are needed.
        SELECT w.tenant_id, w.analysis_type, w.step FROM walk w CROSS JOIN LATERAL (
          SELECT 1 FROM vision_jobs j WHERE ${isDue} ORDER BY j.due_at, j.id LIMIT 1
        ) due
        WHERE w.step > 0 LIMIT ${count}
      ), chosen AS MATERIALIZED (
        SELECT job.id, job.left_by, w.step, row_number() OVER (ORDER BY w.step, job.due_at, job.id) AS slot
        FROM ready w CROSS JOIN LATERAL (
          SELECT * FROM (
            SELECT ${LOOKED_AT} FROM vision_jobs j WHERE ${isDue} AND ${IS_BEGUN}
            ORDER BY j.due_at, j.id LIMIT ${share} FOR UPDATE SKIP LOCKED
          ) begun
          UNION ALL
          SELECT * FROM (
            SELECT ${LOOKED_AT} FROM vision_jobs j WHERE ${isDue} AND NOT ${IS_BEGUN}
            ORDER BY j.due_at, j.id LIMIT ${share} FOR UPDATE SKIP LOCKED
          ) fresh
          LIMIT ${share}
        ) job
      ), claimed AS (
        UPDATE vision_jobs j SET state = 'leased', attempt_count = j.attempt_count + 1,
          expired_count = j.expired_count + CASE WHEN j.state = 'leased' THEN 1 ELSE 0 END,
          last_error = CASE WHEN j.state = 'leased' THEN 'The lease of ' || j.locked_by || ' ended without a word.'
            ELSE j.last_error END,
          locked_by = (${workerIds}::text[])[c.slot], locked_at = ${NOW}, progressed_at = ${NOW}, next_retry_at = NULL, updated_at = now(),
          due_at = ${NOW} + (${leases}::integer[])[c.slot] * interval '1 second', lease_token = gen_random_uuid()::text
        FROM chosen c
        -- However many the planner takes them for, each is one look into the primary key.
        WHERE c.slot <= ${count} AND j.id = c.id AND j.id = ANY(ARRAY(SELECT id FROM chosen))
        RETURNING j.*, c.step, c.slot, c.left_by
      ), begun AS (
        -- A video that somebody else is just changing is settled by the job's first heartbeat.
        UPDATE videos SET status = 'processing' WHERE id IN (
          SELECT v.id FROM videos v
          WHERE v.id IN (SELECT video_id FROM claimed WHERE advances_video) AND v.status = 'queued'
          FOR UPDATE SKIP LOCKED
        ) RETURNING id
      ), told AS (
        SELECT count(pg_notify('camfleet_changes', 'video:' || id)) AS videos FROM begun
      )
      SELECT j.id, j.slot, j.step, j.tenant_id AS "tenantId", j.event_id AS "eventId", j.video_id AS "videoId",
        j.analysis_type AS "analysisType", j.attempt_count AS "attemptCount", j.lease_token AS "leaseToken",
        j.due_at AS "leasedUntil", j.params, j.checkpoint, coalesce(a.snapshot_s3_key, v.raw_key) AS "rawKey", v.traceparent,
        j.left_by AS "leftBy"
      FROM claimed j CROSS JOIN told LEFT JOIN videos v ON v.id = j.video_id
      LEFT JOIN image_analyses a ON a.id = j.event_id AND j.analysis_type = 'classification'`;
  }
}
