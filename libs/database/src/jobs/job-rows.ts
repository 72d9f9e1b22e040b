import type { JobState } from '@camfleet/domain';
import type { Queryable } from '../database';
import { Prisma } from '../generated/client';

export interface JobRow {
  id: number;
  tenantId: string;
  eventId: string;
  videoId: string | null;
  videoName: string | null;
  analysisType: string;
  params: Record<string, unknown>;
  state: JobState;
  run: number;
  attemptCount: number;
  maxAttempts: number;
  dueAt: Date | null;
  lockedBy: string | null;
  lockedAt: Date | null;
  leaseToken: string | null;
  progress: number;
  lastError: string | null;
  nextRetryAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  finishedAt: Date | null;
  /** By the database's clock: its lease has not ended. */
  isHeld: boolean;
}

export type RawJobRow = Omit<JobRow, 'id'> & { id: bigint };

/** Of `vision_jobs j`. */
export const JOB_COLUMNS = Prisma.sql`j.id, j.tenant_id AS "tenantId", j.event_id AS "eventId", j.video_id AS "videoId",
  (SELECT v.file_name FROM videos v WHERE v.id = j.video_id) AS "videoName",
  j.analysis_type AS "analysisType", j.params, j.state, j.run, j.attempt_count AS "attemptCount",
  j.max_attempts AS "maxAttempts", j.due_at AS "dueAt", j.locked_by AS "lockedBy", j.locked_at AS "lockedAt",
  j.lease_token AS "leaseToken", j.progress, j.last_error AS "lastError", j.next_retry_at AS "nextRetryAt",
  j.created_at AS "createdAt", j.updated_at AS "updatedAt", j.finished_at AS "finishedAt",
  coalesce(j.state = 'leased' AND j.due_at > clock_timestamp(), false) AS "isHeld"`;

export function toJobRow(row: RawJobRow): JobRow {
  return { ...row, id: Number(row.id) };
}

/** Who says that they hold a job. */
export interface Holder {
  jobId: number;
  workerId: string;
  /** None: an unexpired lease of this worker's is enough. */
  leaseToken?: string | null;
}

/** The lease is this holder's, and has not ended. */
export function heldBy({ workerId, leaseToken }: Holder): Prisma.Sql {
  return Prisma.sql`j.state = 'leased' AND j.locked_by = ${workerId}
    AND j.lease_token = coalesce(${leaseToken ?? null}::text, j.lease_token) AND j.due_at > clock_timestamp()`;
}

/** A time as it is stored: rounded down, so that what is due now is due now. */
export const NOW = Prisma.sql`date_trunc('milliseconds', clock_timestamp())`;

/**
 * Before jobs of these videos are locked: whoever holds a video's row may lock its jobs, and never the other way
 * round. Answers those that there are.
 */
export async function lockVideos(tx: Queryable, videoIds: readonly string[]): Promise<Set<string>> {
  if (videoIds.length === 0) return new Set();
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM videos WHERE id = ANY(${[...videoIds]}::text[]) ORDER BY id FOR UPDATE`;
  return new Set(rows.map(({ id }) => id));
}

/**
 * SQL: a classification, or a queue of them, of a tenant where nobody ever configured a classifier: most do not.
 * @param of the alias of a row with `tenant_id` and `analysis_type`
 */
export const waitsInPeace = (
  of: Prisma.Sql,
) => Prisma.sql`(${of}.analysis_type = 'classification' AND NOT EXISTS (
  SELECT 1 FROM workers w WHERE w.tenant_id = ${of}.tenant_id AND ${of}.analysis_type = ANY(w.analyses)))`;

/** Whether its video's log tells of it: a video has one classification for each of perhaps thousands of snapshots. */
export const isLogged = ({ analysisType }: Pick<JobRow, 'analysisType'>) => analysisType !== 'classification';
