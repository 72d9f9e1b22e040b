import { CamfleetError } from '@camfleet/domain';
import { Database, decodeCursor, JobsRepository, type JobRow, pageOfRows } from '@camfleet/database';
import type { EnqueueTestRequest, JobCounts, JobListQuery, JobView, Page } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';

/** For so long, workers that registered leave test jobs to others. */
const TEST_RESERVED_MS = 10_000;

/** A job that has been due for so long is shown as stuck. */
const WAITS_TOO_LONG_MS = 5 * 60_000;

/** Jobs as users see them. */
@Injectable()
export class JobsService {
  constructor(
    private readonly jobs: JobsRepository,
    private readonly database: Database,
  ) {}

  async list(tenantId: string, { limit, cursor, ...filter }: JobListQuery): Promise<Page<JobView>> {
    const rows = await this.jobs.list(tenantId, {
      before: decodeCursor(cursor)?.at,
      limit: limit + 1,
      filter,
    });
    const page = pageOfRows(rows, { limit, cursorOf: ({ id }) => ({ at: id, id: String(id) }) });
    return { ...page, items: page.items.map(toView) };
  }

  async view(tenantId: string, id: string): Promise<JobView> {
    return toView(await this.existing(tenantId, id));
  }

  async counts(tenantId: string): Promise<JobCounts> {
    return { items: await this.jobs.counts(tenantId, WAITS_TOO_LONG_MS) };
  }

  /** Throws `JOB_NOT_DEAD`: whoever waits or is being done needs no second chance. */
  async redrive(tenantId: string, id: string): Promise<JobView> {
    const job = await this.existing(tenantId, id);
    if (!(await this.jobs.redrive(job))) throw new CamfleetError('JOB_NOT_DEAD', `Job ${id} is not dead.`);
    return this.view(tenantId, id);
  }

  redriveAll(tenantId: string, type?: string): Promise<number> {
    return this.jobs.redriveAll(tenantId, type);
  }

  /** A job for what was recorded on a day and has none of this type yet. Answers how many. No video waits for it. */
  async enqueueTest(tenantId: string, request: EnqueueTestRequest): Promise<number> {
    const { date, limit, analysis_type: analysisType } = request;
    const found = await this.jobs.testable(tenantId, { date, limit, analysisType });
    const jobs = found.map(({ eventId, videoId }) => ({
      tenantId,
      eventId,
      videoId,
      analysisType,
      advancesVideo: false,
      reservedMs: TEST_RESERVED_MS,
    }));
    const enqueued = await this.database.prisma.$transaction((tx) => this.jobs.enqueue(tx, jobs));
    return enqueued.filter(({ isNew }) => isNew).length;
  }

  private async existing(tenantId: string, id: string): Promise<JobRow> {
    const job = /^\d{1,15}$/.test(id) ? await this.jobs.find(tenantId, Number(id)) : null;
    if (!job) throw new CamfleetError('JOB_NOT_FOUND', 'There is no such job.');
    return job;
  }
}

function toView(row: JobRow): JobView {
  return {
    id: row.id,
    eventId: row.eventId,
    videoId: row.videoId,
    ...(row.videoName !== null && { videoName: row.videoName }),
    analysisType: row.analysisType,
    state: row.state,
    run: row.run,
    attemptCount: row.attemptCount,
    maxAttempts: row.maxAttempts,
    progress: row.progress,
    lockedBy: row.lockedBy,
    lockedAt: row.lockedAt?.toISOString() ?? null,
    leasedUntil: row.state === 'leased' && row.dueAt ? row.dueAt.toISOString() : null,
    lastError: row.lastError,
    nextRetryAt: row.nextRetryAt?.toISOString() ?? null,
    params: row.params,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
