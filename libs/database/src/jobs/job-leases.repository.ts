import type { JobState } from '@camfleet/domain';
import type { Database } from '../database';
import { Prisma } from '../generated/client';
import { JOBS_CHANNEL } from '../notifications';
import { settleVideo } from '../videos/video-status';
import { logVideo } from '../videos/videos.repository';
import { heldBy, type Holder, isLogged, type JobRow, lockVideos, NOW } from './job-rows';

/** Between a failure and the next attempt: 2 s, 8 s, 32 s ..., up to ten minutes, less up to half of it by chance. */
const BACK_OFF = Prisma.sql`least(600, 2 * 4 ^ (j.attempt_count - 1)) * (1 - random() / 2) * interval '1 second'`;

export interface FailedJob {
  state: JobState;
  nextRetryAt: Date | null;
}

interface EndedJob extends FailedJob {
  advancesVideo: boolean;
  analysisType: string;
  attempt: number;
  error: string;
}

/** What a video's log says of an attempt that failed. */
function lineOf({ state, analysisType, attempt, error, nextRetryAt }: EndedJob) {
  const data = { analysisType, attempt, error };
  return state === 'dead'
    ? { level: 'error' as const, event: 'job.dead', data }
    : {
        level: 'warn' as const,
        event: 'job.failed',
        data: { ...data, nextRetryAt: nextRetryAt?.toISOString() ?? null },
      };
}

/** What the holder of a lease says of its job, and what becomes of one who says nothing. */
export class JobLeasesRepository {
  constructor(private readonly database: Database) {}

  /** Answers until when the lease runs now; `null`: it is not this holder's, or has ended. */
  async renew(
    holder: Holder,
    { leaseSeconds, progress, checkpoint }: { leaseSeconds: number; progress?: number; checkpoint?: unknown },
  ): Promise<Date | null> {
    const kept = checkpoint === undefined ? null : JSON.stringify(checkpoint);
    const rows = await this.database.prisma.$queryRaw<
      { leasedUntil: Date; videoId: string | null; advancesVideo: boolean }[]
    >`
      UPDATE vision_jobs j SET due_at = ${NOW} + ${leaseSeconds} * interval '1 second', updated_at = now(),
        progressed_at = CASE WHEN ${progress ?? 0}::float8 > j.progress OR ${kept}::text IS NOT NULL THEN now()
          ELSE j.progressed_at END,
        progress = coalesce(${progress ?? null}::float8, j.progress),
        checkpoint = coalesce(${kept}::jsonb, j.checkpoint)
      WHERE j.id = ${holder.jobId} AND ${heldBy(holder)}
      RETURNING j.due_at AS "leasedUntil", j.video_id AS "videoId", j.advances_video AS "advancesVideo"`;
    const [row] = rows;
    if (row?.videoId && row.advancesVideo) await this.settleIfFree(row.videoId);
    return row?.leasedUntil ?? null;
  }

  /**
   * Tried again later, or dead when the attempts are used up; what a dead one remembered, faces among it, is forgotten.
   * `null`: the lease is not this holder's, or has ended.
   */
  fail(
    job: Pick<JobRow, 'videoId'>,
    { holder, error, retry }: { holder: Holder; error: string; retry: boolean },
  ): Promise<FailedJob | null> {
    return this.end(job, { id: holder.jobId, when: heldBy(holder), error: Prisma.sql`${error}`, retry });
  }

  /** Given back: it counts as no attempt, and may be claimed at once. `null`: it is not this holder's. */
  async giveBack(holder: Holder): Promise<FailedJob | null> {
    const rows = await this.database.prisma.$queryRaw<{ videoId: string | null; advancesVideo: boolean }[]>`
      UPDATE vision_jobs j SET state = 'queued', attempt_count = j.attempt_count - 1, due_at = ${NOW}, locked_by = NULL,
        locked_at = NULL, lease_token = NULL, updated_at = now()
      WHERE j.id = ${holder.jobId} AND ${heldBy(holder)}
      RETURNING j.video_id AS "videoId", j.advances_video AS "advancesVideo", pg_notify(${JOBS_CHANNEL}, '')::text`;
    const [row] = rows;
    if (row?.videoId && row.advancesVideo) await this.settleIfFree(row.videoId);
    return row ? { state: 'queued', nextRetryAt: null } : null;
  }

  /** Jobs whose last attempt's lease has ended are dead. Answers how many. */
  async buryExpired(): Promise<number> {
    const when = Prisma.sql`j.state = 'leased' AND j.due_at <= now() AND j.attempt_count >= j.max_attempts`;
    const found = await this.database.prisma.$queryRaw<{ id: bigint; videoId: string | null }[]>`
      SELECT j.id, j.video_id AS "videoId" FROM vision_jobs j WHERE ${when} ORDER BY j.due_at LIMIT 100`;
    const error = Prisma.sql`'The lease of ' || j.locked_by || ' ended without a word, for the last time.'`;
    let buried = 0;
    for (const job of found)
      if (await this.end(job, { id: Number(job.id), when, error, retry: false })) buried += 1;
    return buried;
  }

  private end(
    { videoId }: Pick<JobRow, 'videoId'>,
    { id, when, error, retry }: { id: number; when: Prisma.Sql; error: Prisma.Sql; retry: boolean },
  ): Promise<FailedJob | null> {
    return this.database.prisma.$transaction(async (tx) => {
      await lockVideos(tx, videoId ? [videoId] : []);
      const isLast = Prisma.sql`(NOT ${retry}::boolean OR j.attempt_count >= j.max_attempts)`;
      const rows = await tx.$queryRaw<EndedJob[]>`
        UPDATE vision_jobs j SET state = CASE WHEN ${isLast} THEN 'dead' ELSE 'queued' END,
          due_at = CASE WHEN NOT ${isLast} THEN r.retry_at END,
          next_retry_at = CASE WHEN NOT ${isLast} THEN r.retry_at END,
          finished_at = CASE WHEN ${isLast} THEN now() END,
          locked_by = CASE WHEN ${isLast} THEN j.locked_by END, locked_at = CASE WHEN ${isLast} THEN j.locked_at END,
          lease_token = NULL, last_error = ${error}, updated_at = now(),
          checkpoint = CASE WHEN NOT ${isLast} THEN j.checkpoint END,
          expired_count = j.expired_count + CASE WHEN j.due_at <= clock_timestamp() THEN 1 ELSE 0 END
        FROM (SELECT j.id, date_trunc('milliseconds', clock_timestamp() + ${BACK_OFF}) AS retry_at
          FROM vision_jobs j WHERE j.id = ${id}) r
        WHERE j.id = r.id AND ${when}
        RETURNING j.state, j.next_retry_at AS "nextRetryAt", j.advances_video AS "advancesVideo",
          j.analysis_type AS "analysisType", j.attempt_count AS attempt, j.last_error AS error`;
      const [row] = rows;
      if (row && videoId && isLogged(row)) await logVideo(tx, videoId, lineOf(row));
      if (row?.advancesVideo && videoId) await settleVideo(tx, videoId);
      return row ? { state: row.state, nextRetryAt: row.nextRetryAt } : null;
    });
  }

  /**
   * Whoever holds the video's row settles it too, and may store a result for minutes: a lease must not end of waiting
   * for that.
   */
  private async settleIfFree(videoId: string): Promise<void> {
    await this.database.prisma.$transaction(async (tx) => {
      const free = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM videos WHERE id = ${videoId} FOR UPDATE SKIP LOCKED`;
      if (free.length > 0) await settleVideo(tx, videoId);
    });
  }
}
