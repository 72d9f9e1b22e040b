import { CamfleetError } from '@camfleet/domain';
import {
  DoomedFilesRepository,
  type Holder,
  JobLeasesRepository,
  JobsRepository,
  type JobRow,
  VideosRepository,
} from '@camfleet/database';
import type {
  AssetsAnswer,
  AssetsRequest,
  JobFailure,
  JobFailureAnswer,
  JobHeartbeat,
} from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Inject, Injectable } from '@nestjs/common';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { jobTypeLabel } from './job-type-label';
import { withoutSecrets } from './worker-words';
import { ResultSinks } from './result-sinks';

/** Of an error; all of it is with the job. */
const LOGGED_LENGTH = 500;
const UPLOAD_URL_SECONDS = 3_600;
/** Longer than any job takes, all its attempts included. */
const UNNAMED_FILES_MS = 7 * 24 * 3_600_000;

/** What a worker says of a job that it holds. */
@Injectable()
export class LeasesService {
  constructor(
    private readonly jobs: JobsRepository,
    private readonly leases: JobLeasesRepository,
    private readonly videos: VideosRepository,
    private readonly metrics: ApiMetrics,
    private readonly assets: AssetStore,
    private readonly doomed: DoomedFilesRepository,
    private readonly sinks: ResultSinks,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** Throws `JOB_NOT_FOUND`, also for another tenant's. */
  async find(caller: Principal, jobId: number): Promise<JobRow> {
    const job = await this.jobs.find(tenantOfWorkers(caller), jobId);
    if (!job) throw new CamfleetError('JOB_NOT_FOUND', 'There is no such job.');
    return job;
  }

  async heartbeat(caller: Principal, beat: JobHeartbeat): Promise<{ leased_until: string }> {
    await this.find(caller, beat.job_id);
    const leasedUntil = await this.leases.renew(holderOf(beat), {
      leaseSeconds: beat.lease_seconds,
      progress: beat.progress ?? undefined,
      checkpoint: beat.checkpoint,
    });
    if (!leasedUntil) throw leaseLost();
    return { leased_until: leasedUntil.toISOString() };
  }

  async fail(caller: Principal, failure: JobFailure): Promise<JobFailureAnswer> {
    const job = await this.find(caller, failure.job_id);
    if (failure.release) return this.giveBack(job, failure);
    return this.end(job, { holder: holderOf(failure), error: failure.error, retry: failure.retry });
  }

  /** As `fail`, of a job that was looked up. Throws `LEASE_LOST`. */
  async end(
    job: JobRow,
    failure: { holder: Holder; error: string; retry: boolean },
  ): Promise<JobFailureAnswer> {
    const error = withoutSecrets(failure.error);
    const failed = await this.leases.fail(job, { ...failure, error });
    if (!failed) throw leaseLost();
    const { id: jobId, analysisType, videoId } = job;
    const { workerId } = failure.holder;
    const { state } = failed;
    this.metrics.jobsFailed.inc({ type: jobTypeLabel(analysisType), state });
    const attempt = job.attemptCount;
    const told = {
      jobId,
      analysisType,
      videoId,
      workerId,
      attempt,
      state,
      error: error.slice(0, LOGGED_LENGTH),
    };
    this.options.logger.warn(told, 'job.failed');
    return { state: failed.state, next_retry_at: failed.nextRetryAt?.toISOString() ?? null };
  }

  private async giveBack(job: JobRow, failure: JobFailure): Promise<JobFailureAnswer> {
    const given = await this.leases.giveBack(holderOf(failure));
    if (!given) throw leaseLost();
    const { id: jobId, analysisType, videoId } = job;
    this.options.logger.info({ jobId, analysisType, videoId, workerId: failure.worker_id }, 'job.released');
    return { state: given.state, next_retry_at: null };
  }

  /** Where the files of a job that is held may be put: beside its video, under the names given. */
  async assetUploads(caller: Principal, request: AssetsRequest, origin: string): Promise<AssetsAnswer> {
    const job = await this.find(caller, request.job_id);
    if (!holds(job, holderOf(request))) throw leaseLost();
    const video = job.videoId && (await this.videos.find(job.tenantId, job.videoId));
    if (!video)
      throw new CamfleetError('VIDEO_NOT_FOUND', 'This job has no video that files could lie beside.');
    const folder = video.rawKey.slice(0, video.rawKey.lastIndexOf('/raw/'));
    const keys = request.files.map(({ name }) => `${folder}/${name}`);
    // What no result ever names goes again. Results that nobody reads may name anything: their files stay with the video.
    if (this.sinks.find(job.analysisType)) await this.doomed.stageForeign(keys, { forMs: UNNAMED_FILES_MS });
    const uploads = request.files.map(async ({ name, content_type: contentType, size_bytes: sizeBytes }) => {
      const key = `${folder}/${name}`;
      const url = await this.assets.presignPut(key, {
        expiresInSeconds: UPLOAD_URL_SECONDS,
        contentType,
        sizeBytes,
        origin,
      });
      return { name, key, upload_url: url };
    });
    return { uploads: await Promise.all(uploads) };
  }
}

export function holderOf(request: {
  worker_id: string;
  job_id: number;
  lease_token?: string | null;
}): Holder {
  return { workerId: request.worker_id, jobId: request.job_id, leaseToken: request.lease_token };
}

function holds(job: JobRow, { workerId, leaseToken }: Holder): boolean {
  return job.isHeld && job.lockedBy === workerId && (!leaseToken || job.leaseToken === leaseToken);
}

export function leaseLost(): CamfleetError {
  return new CamfleetError('LEASE_LOST', 'The lease of this job is not yours, or has ended.');
}
