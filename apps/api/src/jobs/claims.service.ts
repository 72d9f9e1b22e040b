import { type ClaimedRow, JobClaimsRepository } from '@camfleet/database';
import { LinkedAbort } from '@camfleet/domain';
import type { ClaimAnswer, ClaimedJob, ClaimRequest } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ClaimRounds } from './claim-rounds';
import { Claimants } from './claimants';
import type { WorkerConnection } from './connection.decorator';
import { JobBell } from './job-bell';
import { jobTypeLabel } from './job-type-label';

export interface Claiming extends WorkerConnection {
  waitMs: number;
}

/** Claims that may wait for jobs here at a time; further ones are answered at once. */
const MAX_WAITING = 5_000;
/** How long a worker may read the video: longer than anyone renews a lease. */
const VIDEO_URL_SECONDS = 24 * 3600;

/** Gives jobs to whoever claims them. */
@Injectable()
export class ClaimsService {
  private waiting = 0;

  constructor(
    private readonly claimants: Claimants,
    private readonly rounds: ClaimRounds,
    private readonly claims: JobClaimsRepository,
    private readonly bell: JobBell,
    private readonly metrics: ApiMetrics,
    private readonly assets: AssetStore,
    @Inject(API_OPTIONS) private readonly options: Pick<ApiOptions, 'logger'>,
  ) {}

  /** Waits until there is a job, at most so long as asked. */
  async claim(caller: Principal, request: ClaimRequest, claiming: Claiming): Promise<ClaimAnswer> {
    const rows = await this.wait(caller, request, claiming);
    if (claiming.signal.aborted) {
      if (rows.length > 0) await this.claims.release(rows);
      return { jobs: [] };
    }
    for (const row of rows) this.told(row);
    return { jobs: await Promise.all(rows.map((row) => this.toJob(row, claiming.origin))) };
  }

  private async wait(
    caller: Principal,
    request: ClaimRequest,
    { waitMs, signal }: Claiming,
  ): Promise<ClaimedRow[]> {
    using ended = new LinkedAbort([signal, AbortSignal.timeout(waitMs)]);
    const mayWait = waitMs > 0 && this.waiting < MAX_WAITING;
    this.waiting += 1;
    try {
      for (;;) {
        const { rings } = this.bell;
        const rows = await this.ask(caller, request);
        if (rows.length > 0 || !mayWait || ended.signal.aborted || this.bell.isStopped) return rows;
        this.metrics.claimsWaiting.inc();
        await this.bell.after(rings, ended.signal).finally(() => this.metrics.claimsWaiting.dec());
      }
    } finally {
      this.waiting -= 1;
    }
  }

  /** Looks anew who asks: while it waited, the worker may have been drained, or registered. */
  private async ask(caller: Principal, request: ClaimRequest): Promise<ClaimedRow[]> {
    const scope = await this.claimants.scopeOf(caller, request);
    if (!scope) return [];
    const { worker_id: workerId, lease_seconds: leaseSeconds, max_jobs: maxJobs } = request;
    return this.rounds.claim({ scope, workerId, leaseSeconds, maxJobs });
  }

  private told({ id: jobId, analysisType, videoId, leftBy, attemptCount }: ClaimedRow): void {
    this.metrics.jobsClaimed.inc({ type: jobTypeLabel(analysisType) });
    if (leftBy === null) return;
    const left = { jobId, analysisType, videoId, workerId: leftBy, attempt: attemptCount - 1 };
    this.options.logger.warn(left, 'job.left');
  }

  private async toJob(row: ClaimedRow, origin: string): Promise<ClaimedJob> {
    return {
      job_id: row.id,
      event_id: row.eventId,
      analysis_type: row.analysisType,
      attempt_count: row.attemptCount,
      lease_token: row.leaseToken,
      leased_until: row.leasedUntil.toISOString(),
      video_url: row.rawKey
        ? await this.assets.presignGet(row.rawKey, { expiresInSeconds: VIDEO_URL_SECONDS, origin })
        : `${origin}/video/${encodeURIComponent(row.eventId)}`,
      params: row.params,
      ...(row.checkpoint !== null && { checkpoint: row.checkpoint }),
      ...(row.traceparent !== null && { traceparent: row.traceparent }),
    };
  }
}
