import type { Database, Transaction } from '../database';
import { Prisma } from '../generated/client';
import { settleVideo } from '../videos/video-status';
import { logVideo } from '../videos/videos.repository';
import { readParts, type ResultPart, sizeOfParts } from './job-parts.repository';
import {
  heldBy,
  type Holder,
  isLogged,
  JOB_COLUMNS,
  type JobRow,
  lockVideos,
  type RawJobRow,
  toJobRow,
} from './job-rows';

export interface NewResult {
  model: string;
  version: string;
  hash: string | null;
  durationMs: number | null;
  rawResponse: unknown;
  /** How many parts stand before it. */
  parts: number;
  metadata: Record<string, unknown>;
}

export interface ResultRow extends Omit<NewResult, 'parts'> {
  id: bigint;
  /** Not in `rawResponse`. */
  partsLeftOut: number;
  jobId: bigint;
  eventId: string;
  analysisType: string;
  workerId: string;
  createdAt: Date;
}

/** What sinks may take to make their rows: those of a busy day are a hundred thousand tracks. */
const STORE_TIMEOUT_MS = 10 * 60_000;
/** Parts that are more together are no piece of the raw response: nobody could read it in one answer. */
const MAX_WHOLE_BYTES = 16 * 1024 * 1024;
/** Of raw responses in one answer, as they lie in the database (packed); the first is given whatever its size. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;

export class JobResultsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stores the result and ends the job, with what `store` makes of it and of the parts before it, in one transaction.
   * False, and nothing is stored: the lease is not this holder's, or has ended. What `store` throws undoes all.
   */
  finish(
    { videoId }: Pick<JobRow, 'videoId'>,
    {
      holder,
      result,
      store,
    }: {
      holder: Holder;
      result: NewResult;
      store: (tx: Transaction, job: JobRow, parts: AsyncGenerator<ResultPart>) => Promise<void>;
    },
  ): Promise<boolean> {
    return this.database.prisma.$transaction(
      async (tx) => {
        await lockVideos(tx, videoId ? [videoId] : []);
        const rows = await tx.$queryRaw<RawJobRow[]>`
          SELECT ${JOB_COLUMNS} FROM vision_jobs j WHERE j.id = ${holder.jobId} AND ${heldBy(holder)} FOR UPDATE`;
        const job = rows[0] && toJobRow(rows[0]);
        if (!job) return false;
        // A lease that ends while its result is being stored has done its work: nobody can claim a locked row.
        await this.keep(tx, { job, result });
        await store(tx, job, readParts(tx, job.id, result.parts));
        const ended = await tx.$queryRaw<{ advancesVideo: boolean }[]>`
          UPDATE vision_jobs SET state = 'done', due_at = NULL, progress = 1, checkpoint = NULL,
            updated_at = now(), finished_at = now()
          WHERE id = ${job.id} RETURNING advances_video AS "advancesVideo"`;
        if (videoId && isLogged(job))
          await logVideo(tx, videoId, { event: 'job.done', data: lineOf(job, result) });
        if (ended[0]?.advancesVideo && videoId) await settleVideo(tx, videoId);
        return true;
      },
      { timeout: STORE_TIMEOUT_MS, maxWait: 5_000 },
    );
  }

  /** True when this worker's result of this model ended the job: it says the same again. */
  async isRepeated(
    { jobId, workerId }: Holder,
    { model, version, hash }: Pick<NewResult, 'model' | 'version' | 'hash'>,
  ): Promise<boolean> {
    const rows = await this.database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM vision_jobs j JOIN vision_results r ON r.job_id = j.id AND r.run = j.run
      WHERE j.id = ${jobId} AND j.state = 'done' AND j.locked_by = ${workerId} AND r.worker_id = ${workerId}
        AND r.model = ${model} AND r.version = ${version} AND r.hash IS NOT DISTINCT FROM ${hash}::text`;
    return rows.length > 0;
  }

  /** Newest first, beginning before an id; of a page as much as is not too large for one answer. */
  list(
    tenantId: string | null,
    {
      before,
      limit,
      eventId,
      analysisType,
    }: {
      before?: number;
      limit: number;
      eventId?: string;
      analysisType?: string;
    },
  ): Promise<ResultRow[]> {
    return this.database.prisma.$queryRaw<ResultRow[]>`
      WITH page AS (
        SELECT r.id, pg_column_size(r.raw_response) AS bytes FROM vision_results r
        WHERE r.tenant_id = coalesce(${tenantId}::text, r.tenant_id)
          ${before === undefined ? Prisma.empty : Prisma.sql`AND r.id < ${before}`}
          ${eventId ? Prisma.sql`AND r.event_id = ${eventId}` : Prisma.empty}
          ${analysisType ? Prisma.sql`AND r.analysis_type = ${analysisType}` : Prisma.empty}
        ORDER BY r.id DESC LIMIT ${limit}
      ), fitting AS (
        SELECT id, sum(bytes) OVER (ORDER BY id DESC) - bytes AS bytes_before FROM page
      )
      SELECT r.id, r.job_id AS "jobId", r.event_id AS "eventId", r.analysis_type AS "analysisType",
        r.worker_id AS "workerId", r.model, r.version, r.hash, r.duration_ms AS "durationMs",
        r.raw_response AS "rawResponse", r.parts_left_out AS "partsLeftOut", r.metadata, r.created_at AS "createdAt"
      FROM vision_results r JOIN fitting f ON f.id = r.id
      WHERE f.bytes_before < ${MAX_PAGE_BYTES} ORDER BY r.id DESC`;
  }

  private async keep(tx: Transaction, { job, result }: { job: JobRow; result: NewResult }): Promise<void> {
    // A run with other parameters takes the place of those before, whichever model theirs came from.
    await tx.$executeRaw`DELETE FROM vision_results WHERE job_id = ${job.id} AND run < ${job.run}`;
    const bytes = await sizeOfParts(tx, job.id, result.parts);
    const leftOut = bytes > MAX_WHOLE_BYTES ? result.parts : 0;
    await tx.$executeRaw`
      INSERT INTO vision_results AS old (tenant_id, job_id, run, event_id, analysis_type, worker_id, model, version, hash,
        duration_ms, raw_response, parts_left_out, metadata)
      VALUES (${job.tenantId}, ${job.id}, ${job.run}, ${job.eventId}, ${job.analysisType}, ${job.lockedBy},
        ${result.model}, ${result.version}, ${result.hash}, ${result.durationMs},
        ${JSON.stringify(result.rawResponse ?? null)}::jsonb, ${leftOut}, ${JSON.stringify(result.metadata)}::jsonb)
      ON CONFLICT (event_id, analysis_type, model, version) DO UPDATE SET
        run = excluded.run, worker_id = excluded.worker_id, hash = excluded.hash, duration_ms = excluded.duration_ms,
        raw_response = excluded.raw_response, parts_left_out = excluded.parts_left_out, metadata = excluded.metadata,
        created_at = now()`;
    if (result.parts > 0 && leftOut === 0) await this.prepend(tx, { job, result });
  }

  /** The raw response as if it had come in one piece; it never comes here. */
  private async prepend(tx: Transaction, { job, result }: { job: JobRow; result: NewResult }): Promise<void> {
    await tx.$executeRaw`
      UPDATE vision_results r SET raw_response = r.raw_response || coalesce((
        SELECT jsonb_object_agg(told.name, told.entries || CASE jsonb_typeof(r.raw_response -> told.name)
          WHEN 'array' THEN r.raw_response -> told.name ELSE '[]' END)
        FROM (
          SELECT part.name, jsonb_agg(entry.value ORDER BY p.index, entry.at) AS entries FROM vision_job_parts p
          CROSS JOIN jsonb_each(p.raw_response) AS part (name, list)
          CROSS JOIN jsonb_array_elements(part.list) WITH ORDINALITY AS entry (value, at)
          WHERE p.job_id = ${job.id} AND p.index < ${result.parts} GROUP BY part.name
        ) told
      ), '{}')
      WHERE r.job_id = ${job.id} AND r.run = ${job.run} AND r.model = ${result.model} AND r.version = ${result.version}
        AND jsonb_typeof(r.raw_response) = 'object'`;
  }
}

/** What a video's log says of a job that is done. */
function lineOf({ analysisType, lockedBy, lockedAt, attemptCount }: JobRow, { model, version }: NewResult) {
  const begunAt = lockedAt?.toISOString() ?? null;
  return { analysisType, workerId: lockedBy, attempt: attemptCount, begunAt, model, version };
}
