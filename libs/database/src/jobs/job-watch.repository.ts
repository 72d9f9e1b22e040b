import type { Database } from '../database';

export interface StuckJob {
  id: number;
  tenantId: string;
  eventId: string;
  videoId: string | null;
  analysisType: string;
  run: number;
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

/** At most so many of a kind are told in one look. */
const MAX_TOLD = 100;

/** What somebody should be told about. */
export class JobWatchRepository {
  constructor(private readonly database: Database) {}

  /**
   * Jobs that somebody holds and that have come no further for so long; that were left without a word at least twice;
   * and of each tenant and type the first that has waited so long while no worker that is there can do it, and nobody
   * holds another one. A classification waits in peace where nobody ever configured a classifier: most do not.
   */
  async stuck({
    noProgressMs,
    noWorkerMs,
  }: {
    noProgressMs: number;
    noWorkerMs: number;
  }): Promise<StuckJob[]> {
    const rows = await this.database.prisma.$queryRaw<(Omit<StuckJob, 'id'> & { id: bigint })[]>`
      WITH found AS (
        (SELECT j.*, 'NO_PROGRESS' AS reason, j.progressed_at AS since_at FROM vision_jobs j
          WHERE j.state = 'leased' AND j.due_at > now()
            AND j.progressed_at < now() - ${noProgressMs} * interval '1 millisecond' LIMIT ${MAX_TOLD})
        UNION ALL
        (SELECT j.*, 'EXPIRES', j.created_at FROM vision_jobs j
          WHERE j.due_at IS NOT NULL AND j.expired_count >= 2 LIMIT ${MAX_TOLD})
        UNION ALL
        (SELECT * FROM (
          SELECT DISTINCT ON (j.tenant_id, j.analysis_type) j.*, 'NO_WORKER', j.due_at FROM vision_jobs j
          WHERE j.due_at < now() - ${noWorkerMs} * interval '1 millisecond' AND (
            j.analysis_type <> 'classification' OR EXISTS (
              SELECT 1 FROM workers w WHERE w.tenant_id = j.tenant_id AND j.analysis_type = ANY(w.analyses)))
          ORDER BY j.tenant_id, j.analysis_type, j.due_at, j.id
        ) j
        WHERE NOT EXISTS (
            SELECT 1 FROM workers w WHERE w.tenant_id = j.tenant_id AND w.state IN ('online', 'suspect')
              AND j.analysis_type = ANY(w.analyses))
          AND NOT EXISTS (
            SELECT 1 FROM vision_jobs o WHERE o.tenant_id = j.tenant_id AND o.analysis_type = j.analysis_type
              AND o.state = 'leased' AND o.due_at > now())
        LIMIT ${MAX_TOLD})
      )
      SELECT j.id, j.tenant_id AS "tenantId", j.event_id AS "eventId", j.video_id AS "videoId",
        j.analysis_type AS "analysisType", j.run, j.attempt_count AS "attemptCount", j.locked_by AS "lockedBy", j.reason,
        j.since_at AS "sinceAt"
      FROM found j`;
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
