import type { JobState } from '@camfleet/domain';
import type { Queryable } from '../database';
import { JOBS_CHANNEL } from '../notifications';

export interface NewJob {
  tenantId: string;
  eventId: string;
  /** The video that the job reads, and that its files lie beside. */
  videoId?: string;
  /** False: the video's status does not wait for this job. Default: it does. */
  advancesVideo?: boolean;
  analysisType: string;
  params?: Record<string, unknown>;
  /** For so long, workers that registered leave it to others. */
  reservedMs?: number;
}

export interface EnqueuedJob {
  id: number;
  eventId: string;
  analysisType: string;
  state: JobState;
  /** Asked for the first time, or with other parameters: it waits to be done. False: nothing changed. */
  isNew: boolean;
}

/** Jobs as they are asked for. */
export class JobsRepository {
  /**
   * One job for each (event, analysis type). Asked again with other parameters it is opened again, as a new run whose
   * result takes the old one's place; asked again alike, whatever became of it, nothing changes.
   */
  async enqueue(tx: Queryable, jobs: readonly NewJob[]): Promise<EnqueuedJob[]> {
    if (jobs.length === 0) return [];
    const distinct = new Map(jobs.map((job) => [JSON.stringify([job.eventId, job.analysisType]), job]));
    const rows = JSON.stringify([...distinct.values()]);
    const opened = await tx.$queryRaw<{ id: bigint }[]>`
      INSERT INTO vision_jobs AS old (tenant_id, event_id, video_id, advances_video, analysis_type, params, reserved_until)
      SELECT j."tenantId", j."eventId", j."videoId", j."videoId" IS NOT NULL AND coalesce(j."advancesVideo", true),
        j."analysisType", coalesce(j.params, '{}'), now() + j."reservedMs" * interval '1 millisecond'
      FROM jsonb_to_recordset(${rows}::jsonb) AS j (
        "tenantId" text, "eventId" text, "videoId" text, "advancesVideo" boolean, "analysisType" text, params jsonb,
        "reservedMs" integer
      )
      ON CONFLICT (event_id, analysis_type) DO UPDATE SET
        params = excluded.params, state = 'queued', run = old.run + 1, attempt_count = 0, due_at = now(),
        reserved_until = excluded.reserved_until, locked_by = NULL, locked_at = NULL, lease_token = NULL, progress = 0,
        progressed_at = NULL, checkpoint = NULL, expired_count = 0, last_error = NULL, next_retry_at = NULL,
        updated_at = now(), finished_at = NULL
      WHERE old.tenant_id = excluded.tenant_id AND old.params <> excluded.params
      RETURNING id`;
    if (opened.length > 0) await tx.$executeRaw`SELECT pg_notify(${JOBS_CHANNEL}, '')`;
    const isNew = new Set(opened.map(({ id }) => id));
    const all = await tx.$queryRaw<(Omit<EnqueuedJob, 'id' | 'isNew'> & { id: bigint })[]>`
      SELECT v.id, v.event_id AS "eventId", v.analysis_type AS "analysisType", v.state
      FROM jsonb_to_recordset(${rows}::jsonb) AS j ("tenantId" text, "eventId" text, "analysisType" text)
      JOIN vision_jobs v ON v.event_id = j."eventId" AND v.analysis_type = j."analysisType" AND v.tenant_id = j."tenantId"
      ORDER BY v.id`;
    return all.map(({ id, ...job }) => ({ ...job, id: Number(id), isNew: isNew.has(id) }));
  }
}
