import type { JobState } from '@camfleet/domain';
import type { JobListQuery } from '@camfleet/protocol';
import type { Database, Queryable } from '../database';
import { Prisma } from '../generated/client';
import { JOBS_CHANNEL } from '../notifications';
import { settleVideo } from '../videos/video-status';
import {
  JOB_COLUMNS,
  type JobRow,
  lockVideos,
  NOW,
  type RawJobRow,
  toJobRow,
  waitsInPeace,
} from './job-rows';

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

/** Jobs that are driven again in one transaction. */
const REDRIVEN_AT_ONCE = 200;

/** A video `v` that has bytes: all came, and it was not refused when it was looked at. */
const IS_THERE = Prisma.sql`v.status <> 'receiving' AND NOT (v.status = 'error' AND v.codec IS NULL)`;

/** As if it had never been begun. */
const OPENED = Prisma.sql`state = 'queued', attempt_count = 0, due_at = ${NOW}, locked_by = NULL, locked_at = NULL,
  lease_token = NULL, progressed_at = NULL, expired_count = 0, next_retry_at = NULL, updated_at = now(), finished_at = NULL,
  progress = 0, checkpoint = NULL`;

/** Jobs as they are asked for and looked at. */
export class JobsRepository {
  constructor(private readonly database: Database) {}

  /** What it was asked for with last; `null` when there is none. */
  async paramsOf(eventId: string, analysisType: string): Promise<unknown> {
    const [job] = await this.database.prisma.$queryRaw<{ params: unknown }[]>`
      SELECT params FROM vision_jobs WHERE event_id = ${eventId} AND analysis_type = ${analysisType}`;
    return job?.params ?? null;
  }

  /**
   * One job for each (event, analysis type). Asked again with other parameters it is opened again, as a new run whose
   * result takes the old one's place; asked again alike, whatever became of it, nothing changes. A job whose video is
   * gone is left out.
   */
  async enqueue(tx: Queryable, jobs: readonly NewJob[]): Promise<EnqueuedJob[]> {
    const videos = await lockVideos(tx, [...new Set(jobs.flatMap(({ videoId }) => videoId ?? []))]);
    const possible = jobs.filter(({ videoId }) => videoId === undefined || videos.has(videoId));
    if (possible.length === 0) return [];
    const distinct = new Map(possible.map((job) => [JSON.stringify([job.eventId, job.analysisType]), job]));
    const rows = JSON.stringify([...distinct.values()]);
    const opened = await tx.$queryRaw<{ id: bigint; videoId: string | null; advancesVideo: boolean }[]>`
      INSERT INTO vision_jobs AS old
        (tenant_id, event_id, video_id, advances_video, analysis_type, params, due_at, reserved_until)
      SELECT j."tenantId", j."eventId", j."videoId", j."videoId" IS NOT NULL AND coalesce(j."advancesVideo", true),
        j."analysisType", coalesce(j.params, '{}'), ${NOW}, now() + j."reservedMs" * interval '1 millisecond'
      FROM jsonb_to_recordset(${rows}::jsonb) AS j (
        "tenantId" text, "eventId" text, "videoId" text, "advancesVideo" boolean, "analysisType" text, params jsonb,
        "reservedMs" integer
      )
      ORDER BY j."eventId", j."analysisType"
      ON CONFLICT (event_id, analysis_type) DO UPDATE SET ${OPENED}, params = excluded.params, run = old.run + 1,
        reserved_until = excluded.reserved_until, last_error = NULL,
        video_id = coalesce(old.video_id, excluded.video_id),
        advances_video = old.advances_video OR excluded.advances_video
      WHERE old.tenant_id = excluded.tenant_id AND old.params <> excluded.params
      RETURNING id, video_id AS "videoId", advances_video AS "advancesVideo"`;
    if (opened.length > 0) await tx.$executeRaw`SELECT pg_notify(${JOBS_CHANNEL}, '')`;
    await settleVideos(tx, opened);
    const isNew = new Set(opened.map(({ id }) => id));
    const all = await tx.$queryRaw<(Omit<EnqueuedJob, 'id' | 'isNew'> & { id: bigint })[]>`
      SELECT v.id, v.event_id AS "eventId", v.analysis_type AS "analysisType", v.state
      FROM jsonb_to_recordset(${rows}::jsonb) AS j ("tenantId" text, "eventId" text, "analysisType" text)
      JOIN vision_jobs v ON v.event_id = j."eventId" AND v.analysis_type = j."analysisType" AND v.tenant_id = j."tenantId"
      ORDER BY v.id`;
    return all.map(({ id, ...job }) => ({ ...job, id: Number(id), isNew: isNew.has(id) }));
  }

  /** `tenantId` `null`: of any. */
  async find(tenantId: string | null, id: number): Promise<JobRow | null> {
    const rows = await this.database.prisma.$queryRaw<RawJobRow[]>`
      SELECT ${JOB_COLUMNS} FROM vision_jobs j
      WHERE j.id = ${id} AND j.tenant_id = coalesce(${tenantId}::text, j.tenant_id)`;
    return rows[0] ? toJobRow(rows[0]) : null;
  }

  /** Newest first, beginning before an id. */
  async list(
    tenantId: string,
    {
      before,
      limit,
      filter,
    }: { before?: number; limit: number; filter: Pick<JobListQuery, 'state' | 'type' | 'eventId'> },
  ): Promise<JobRow[]> {
    const rows = await this.database.prisma.$queryRaw<RawJobRow[]>`
      SELECT ${JOB_COLUMNS} FROM vision_jobs j
      WHERE j.tenant_id = ${tenantId}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND j.id < ${before}`}
        ${filter.state ? Prisma.sql`AND j.state = ${filter.state}` : Prisma.empty}
        ${filter.type ? Prisma.sql`AND j.analysis_type = ${filter.type}` : Prisma.empty}
        ${filter.eventId ? Prisma.sql`AND j.event_id = ${filter.eventId}` : Prisma.empty}
      ORDER BY j.id DESC LIMIT ${limit}`;
    return rows.map(toJobRow);
  }

  /** How many there are of each type and state, and how many of them nobody works on though they are due, and should. */
  counts(
    tenantId: string,
    waitsTooLongMs: number,
  ): Promise<{ analysisType: string; state: JobState; count: number; stuck: number }[]> {
    return this.database.prisma.$queryRaw<
      { analysisType: string; state: JobState; count: number; stuck: number }[]
    >`
      SELECT j.analysis_type AS "analysisType", j.state, j.count,
        CASE WHEN j.state = 'queued' AND ${waitsInPeace(Prisma.sql`j`)} THEN 0 ELSE j.stuck END AS stuck
      FROM (
        SELECT tenant_id, analysis_type, state, count(*)::integer AS count, count(*) FILTER (
            WHERE due_at < now() - CASE WHEN state = 'queued' THEN ${waitsTooLongMs} ELSE 0 END * interval '1 millisecond'
          )::integer AS stuck
        FROM vision_jobs WHERE tenant_id = ${tenantId} GROUP BY 1, 2, 3
      ) j ORDER BY 1, 2`;
  }

  /** Uploads, and events with a clip, of a day that have no job of this type yet. */
  testable(
    tenantId: string,
    { date, analysisType, limit }: { date: string; analysisType: string; limit: number },
  ): Promise<{ eventId: string; videoId: string }[]> {
    return this.database.prisma.$queryRaw<{ eventId: string; videoId: string }[]>`
      SELECT found.id AS "eventId", found.video_id AS "videoId" FROM (
        SELECT coalesce(v.event_id, v.id) AS id, v.id AS video_id, v.created_at AS at FROM videos v
        WHERE v.tenant_id = ${tenantId} AND ${IS_THERE}
          AND v.created_at >= ${date}::date::timestamp AT TIME ZONE 'UTC'
          AND v.created_at < (${date}::date + 1)::timestamp AT TIME ZONE 'UTC'
      ) found
      WHERE NOT EXISTS (
        SELECT 1 FROM vision_jobs j WHERE j.event_id = found.id AND j.analysis_type = ${analysisType}
      )
      ORDER BY found.at, found.id LIMIT ${limit}`;
  }

  /** A dead job is tried again from the front, with all its attempts. Answers whether it was dead. */
  async redrive(job: JobRow): Promise<boolean> {
    return (await this.openAgain([{ id: BigInt(job.id), videoId: job.videoId }])) > 0;
  }

  /** As {@link redrive}, for all dead ones of a tenant, or of one type. Answers how many. */
  async redriveAll(tenantId: string, type?: string): Promise<number> {
    let redriven = 0;
    // Each once: one that dies again at once is not met a second time.
    let last = 0n;
    for (;;) {
      const dead = await this.database.prisma.$queryRaw<{ id: bigint; videoId: string | null }[]>`
        SELECT id, video_id AS "videoId" FROM vision_jobs
        WHERE tenant_id = ${tenantId} AND state = 'dead' AND id > ${last} AND analysis_type = coalesce(${type ?? null}::text, analysis_type)
        ORDER BY id LIMIT ${REDRIVEN_AT_ONCE}`;
      redriven += await this.openAgain(dead);
      const newest = dead.at(-1);
      if (!newest) return redriven;
      last = newest.id;
    }
  }

  private async openAgain(jobs: readonly { id: bigint; videoId: string | null }[]): Promise<number> {
    if (jobs.length === 0) return 0;
    return this.database.prisma.$transaction(async (tx) => {
      await lockVideos(tx, [...new Set(jobs.flatMap(({ videoId }) => videoId ?? []))]);
      const opened = await tx.$queryRaw<{ videoId: string | null; advancesVideo: boolean }[]>`
        UPDATE vision_jobs SET ${OPENED} WHERE id = ANY(${jobs.map(({ id }) => id)}::bigint[]) AND state = 'dead'
        RETURNING video_id AS "videoId", advances_video AS "advancesVideo"`;
      if (opened.length > 0) await tx.$executeRaw`SELECT pg_notify(${JOBS_CHANNEL}, '')`;
      await settleVideos(tx, opened);
      return opened.length;
    });
  }
}

async function settleVideos(
  tx: Queryable,
  jobs: readonly { videoId: string | null; advancesVideo: boolean }[],
): Promise<void> {
  const ids = new Set(jobs.flatMap(({ videoId, advancesVideo }) => (advancesVideo && videoId) || []));
  for (const id of ids) await settleVideo(tx, id);
}
