import type { Database } from '../database';
import { Prisma } from '../generated/client';
import { waitsInPeace } from './job-rows';

export interface StuckJob {
  id: number;
  /** The id of the event that tells of it: of each run once, of one that gets no further at each attempt. */
  alertId: string;
  tenantId: string;
  eventId: string;
  videoId: string | null;
  analysisType: string;
  attemptCount: number;
  lockedBy: string | null;
  reason: 'NO_PROGRESS' | 'EXPIRES' | 'NO_WORKER';
  sinceAt: Date;
}

export interface JobCount {
  analysisType: string;
  state: 'waiting' | 'leased' | 'dead';
  count: number;
}

/** What somebody should be told about. */
export class JobWatchRepository {
  constructor(private readonly database: Database) {}

  /**
   * Jobs that somebody holds and that have come no further for so long; that were left without a word at least twice;
   * and of each tenant and type the first that has waited so long while no worker that is there can do it, and nobody
   * holds another one. A classification waits in peace where nobody ever configured a classifier: most do not.
   *
   * None that an event tells of already; each tenant's oldest first, then each one's second, and so on: who has many
   * hides nobody else's.
   */
  async stuck({
    noProgressMs,
    noWorkerMs,
    limit,
  }: {
    noProgressMs: number;
    noWorkerMs: number;
    limit: number;
  }): Promise<StuckJob[]> {
    const rows = await this.database.prisma.$queryRaw<(Omit<StuckJob, 'id'> & { id: bigint })[]>`
      WITH RECURSIVE queues AS (
        (SELECT j.tenant_id, j.analysis_type FROM vision_jobs j WHERE j.due_at IS NOT NULL
          ORDER BY j.tenant_id, j.analysis_type LIMIT 1)
        UNION ALL
        SELECT next.* FROM queues q CROSS JOIN LATERAL (
          SELECT j.tenant_id, j.analysis_type FROM vision_jobs j
          WHERE j.due_at IS NOT NULL AND (j.tenant_id, j.analysis_type) > (q.tenant_id, q.analysis_type)
          ORDER BY j.tenant_id, j.analysis_type LIMIT 1
        ) next
      ), found AS (
        SELECT j.*, 'NO_PROGRESS' AS reason, ':' || j.attempt_count AS attempt, j.progressed_at AS since_at
        FROM vision_jobs j
        WHERE j.state = 'leased' AND j.due_at > now()
          AND j.progressed_at < now() - ${noProgressMs} * interval '1 millisecond'
        UNION ALL
        SELECT j.*, 'EXPIRES', '', j.created_at FROM vision_jobs j WHERE j.due_at IS NOT NULL AND j.expired_count >= 2
        UNION ALL
        SELECT first.*, 'NO_WORKER', '', first.due_at FROM queues q CROSS JOIN LATERAL (
          SELECT j.* FROM vision_jobs j
          WHERE j.tenant_id = q.tenant_id AND j.analysis_type = q.analysis_type AND j.due_at IS NOT NULL
          ORDER BY j.due_at, j.id LIMIT 1
        ) first
        WHERE first.due_at < now() - ${noWorkerMs} * interval '1 millisecond'
          AND NOT ${waitsInPeace(Prisma.sql`q`)}
          AND NOT EXISTS (
            SELECT 1 FROM workers w WHERE w.tenant_id = q.tenant_id AND w.state IN ('online', 'suspect')
              AND q.analysis_type = ANY(w.analyses))
          AND NOT EXISTS (
            SELECT 1 FROM vision_jobs o WHERE o.tenant_id = q.tenant_id AND o.analysis_type = q.analysis_type
              AND o.state = 'leased' AND o.due_at > now())
      ), named AS (
        SELECT j.*, 'job.stuck:' || j.id || ':' || j.run || ':' || j.reason || j.attempt AS alert_id FROM found j
      ), untold AS (
        SELECT j.*, row_number() OVER (PARTITION BY j.tenant_id ORDER BY j.since_at, j.id) AS turn FROM named j
        WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = j.alert_id)
      )
      SELECT j.id, j.alert_id AS "alertId", j.tenant_id AS "tenantId", j.event_id AS "eventId", j.video_id AS "videoId",
        j.analysis_type AS "analysisType", j.attempt_count AS "attemptCount", j.locked_by AS "lockedBy", j.reason,
        j.since_at AS "sinceAt"
      FROM untold j ORDER BY j.turn, j.since_at, j.id LIMIT ${limit}`;
    return rows.map((row) => ({ ...row, id: Number(row.id) }));
  }

  /** Of all tenants; what is done is not counted. */
  counts(): Promise<JobCount[]> {
    return this.database.prisma.$queryRaw<JobCount[]>`
      SELECT analysis_type AS "analysisType", CASE state WHEN 'queued' THEN 'waiting' ELSE state END AS state,
        count(*)::integer AS count
      FROM vision_jobs WHERE due_at IS NOT NULL GROUP BY 1, 2
      UNION ALL
      SELECT analysis_type, state, count(*)::integer FROM vision_jobs WHERE state = 'dead' GROUP BY 1, 2`;
  }
}
