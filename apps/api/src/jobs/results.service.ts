import { CamfleetError } from '@camfleet/domain';
import {
  decodeCursor,
  JobResultsRepository,
  type JobRow,
  type ResultRow,
  pageOfRows,
} from '@camfleet/database';
import type { JobResult, Page, ResultsQuery, StoredResult } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { may, type Principal, tenantOfWorkers } from '../auth/principal';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { jobTypeLabel } from './job-type-label';
import { holderOf, leaseLost, LeasesService } from './leases.service';
import type { ResultSink } from './result-sink';
import { ResultSinks } from './result-sinks';

/** Takes results: stored once, with the rows that are made of them. */
@Injectable()
export class ResultsService {
  constructor(
    private readonly leases: LeasesService,
    private readonly results: JobResultsRepository,
    private readonly sinks: ResultSinks,
    private readonly metrics: ApiMetrics,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /**
   * Throws `LEASE_LOST`; `RESULT_INVALID` when nobody could read it, which is a failed attempt: the same worker would say
   * the same again. The same result again is no error.
   */
  async take(caller: Principal, request: JobResult): Promise<void> {
    const job = await this.leases.find(caller, request.job_id);
    if (job.eventId !== request.event_id || job.analysisType !== request.analysis_type)
      throw new CamfleetError(
        'VALIDATION_FAILED',
        `Job ${job.id} is ${job.analysisType} of ${job.eventId}, not ${request.analysis_type} of ${request.event_id}.`,
      );
    if (await this.isRepeated(job, request)) return;
    const sink = this.sinks.find(job.analysisType);
    const raw = await this.read(job, { request, sink });
    const isStored = await this.store(job, { request, sink, raw });
    // It may have been stored by the same request, whose answer was lost, just now.
    if (!isStored && !(await this.isRepeated(await this.leases.find(caller, job.id), request)))
      throw leaseLost();
    if (isStored) this.told(job, request);
  }

  /** Newest first. */
  async list(caller: Principal, query: ResultsQuery): Promise<Page<StoredResult>> {
    const before = decodeCursor(query.cursor)?.at;
    const tenantId = may(caller, 'viewer') ? caller.tenantId : tenantOfWorkers(caller);
    const { event_id: eventId, analysis_type: analysisType, limit } = query;
    const rows = await this.results.list(tenantId, { before, limit: limit + 1, eventId, analysisType });
    const page = pageOfRows(rows, { limit, cursorOf: ({ id }) => ({ at: Number(id), id: String(id) }) });
    return { ...page, items: page.items.map(toView) };
  }

  private async isRepeated(job: JobRow, request: JobResult): Promise<boolean> {
    if (job.state !== 'done') return false;
    if (request.lease_token)
      return job.leaseToken === request.lease_token && job.lockedBy === request.worker_id;
    return this.results.isRepeated(holderOf(request), { ...request, hash: request.hash ?? null });
  }

  private async read(
    job: JobRow,
    { request, sink }: { request: JobResult; sink?: ResultSink },
  ): Promise<unknown> {
    const parsed = sink?.schema.safeParse(request.raw_response);
    if (!parsed) return request.raw_response;
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = ['raw_response', ...(issue?.path ?? [])].join('.');
    return this.refuse(job, { request, reason: `${where}: ${issue?.message ?? 'is not valid'}` });
  }

  private async store(
    job: JobRow,
    { request, sink, raw }: { request: JobResult; sink?: ResultSink; raw: unknown },
  ): Promise<boolean> {
    const { worker_id: workerId, model, version, hash = null, duration_ms: durationMs = null } = request;
    const metadata = request.metadata ?? {};
    const parts = request.parts ?? 0;
    const result = { model, version, hash, durationMs, rawResponse: request.raw_response, parts, metadata };
    try {
      return await this.results.finish(job, {
        holder: holderOf(request),
        result,
        store: async (tx, locked, told) =>
          sink?.store(tx, {
            job: { ...locked, workerId, model, version, metadata },
            raw,
            parts: parsedParts(told, sink),
          }),
      });
    } catch (error) {
      if (error instanceof CamfleetError && error.code === 'RESULT_INVALID')
        return this.refuse(job, { request, reason: error.message });
      throw error;
    }
  }

  private async refuse(
    job: JobRow,
    { request, reason }: { request: JobResult; reason: string },
  ): Promise<never> {
    const ended = await this.leases.end(job, {
      holder: holderOf(request),
      error: `RESULT_INVALID: ${reason}`,
      retry: true,
    });
    throw new CamfleetError('RESULT_INVALID', reason, { details: ended });
  }

  private told(job: JobRow, request: JobResult): void {
    const { id: jobId, analysisType, videoId } = job;
    const { worker_id: workerId, duration_ms: durationMs = null } = request;
    const type = jobTypeLabel(analysisType);
    this.metrics.jobsDone.inc({ type });
    if (durationMs !== null) this.metrics.jobDuration.observe({ type }, durationMs / 1_000);
    this.options.logger.info({ jobId, analysisType, videoId, workerId, durationMs }, 'job.done');
  }
}

/** They were parsed when they came. A sink that takes none has none. */
async function* parsedParts(
  parts: AsyncIterable<unknown>,
  { part: schema }: ResultSink,
): AsyncGenerator<unknown> {
  if (schema) for await (const part of parts) yield schema.parse(part);
}

function toView(row: ResultRow): StoredResult {
  return {
    job_id: Number(row.jobId),
    event_id: row.eventId,
    analysis_type: row.analysisType,
    worker_id: row.workerId,
    model: row.model,
    version: row.version,
    hash: row.hash,
    duration_ms: row.durationMs,
    raw_response: row.rawResponse,
    ...(row.partsLeftOut > 0 && { parts_left_out: row.partsLeftOut }),
    metadata: row.metadata,
    created_at: row.createdAt.toISOString(),
  };
}
