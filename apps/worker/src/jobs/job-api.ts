import {
  AssetsAnswer,
  type AssetsRequest,
  ClaimAnswer,
  type ClaimedJob,
  type ClaimRequest,
  type JobFailure,
  type JobHeartbeat,
  type JobPart,
  type JobResult,
} from '@camfleet/protocol';
import type { z } from 'zod';
import type { ApiAnswer, ApiCall, ApiClient } from '../fleet/api-client';

const CALL_TIMEOUT_MS = 15_000;
/** Rows are made of a result before it is answered: of a long video's, a hundred thousand. */
const RESULT_TIMEOUT_MS = 120_000;
/** What a long poll may take beyond what it was asked to wait. */
const CLAIM_GRACE_MS = 10_000;

/** The API did not do it, and may do it later. */
export class JobApiError extends Error {
  override readonly name = 'JobApiError';

  constructor(
    readonly call: string,
    readonly answer: ApiAnswer,
  ) {
    super(`${call}: HTTP ${answer.status} ${answer.errorCode ?? ''}`);
  }
}

/** `lost`: somebody else has the job, or nobody. `refused`: it will never be taken as it is. */
export type Taken = 'taken' | 'lost' | 'refused';

type Held = Pick<ClaimedJob, 'job_id' | 'lease_token'>;

/** The vision protocol from the worker's side. Everything rejects with {@link JobApiError} or what `ApiClient` throws. */
export class JobApi {
  constructor(
    private readonly api: ApiClient,
    private readonly workerId: string,
  ) {}

  /** An address that the API gave, which may be one of its own paths. */
  absolute(url: string): string {
    return new URL(url, `${this.api.currentUrl}/`).href;
  }

  /** Waits up to `waitSeconds` for a first job. */
  async claim(
    wanted: Omit<ClaimRequest, 'worker_id'>,
    { waitSeconds, signal }: { waitSeconds: number; signal: AbortSignal },
  ): Promise<ClaimedJob[]> {
    const answer = await this.api.call({
      method: 'POST',
      path: `/api/vision/claim?wait=${waitSeconds}`,
      body: { worker_id: this.workerId, ...wanted } satisfies ClaimRequest,
      timeoutMs: waitSeconds * 1000 + CLAIM_GRACE_MS,
      signal,
    });
    if (answer.status !== 200) throw new JobApiError('claim', answer);
    return ClaimAnswer.parse(answer.body).jobs;
  }

  heartbeat(
    job: Held,
    about: Pick<JobHeartbeat, 'lease_seconds' | 'progress' | 'checkpoint'>,
  ): Promise<Taken> {
    return this.post('heartbeat', { ...this.held(job), ...about });
  }

  part(job: Held, part: Pick<JobPart, 'index' | 'raw_response'>): Promise<Taken> {
    return this.post('part', { ...this.held(job), ...part });
  }

  /** @param traceparent the span whose result it is */
  result(
    job: Held,
    result: Omit<JobResult, 'worker_id' | 'job_id' | 'lease_token'>,
    { traceparent }: { traceparent: string | undefined },
  ): Promise<Taken> {
    return this.post(
      'result',
      { ...this.held(job), ...result },
      { headers: traceparent ? { traceparent } : undefined, timeoutMs: RESULT_TIMEOUT_MS },
    );
  }

  fail(job: Held, failure: Pick<JobFailure, 'error' | 'retry' | 'release'>): Promise<Taken> {
    return this.post('fail', { ...this.held(job), ...failure });
  }

  /** Undefined when the API takes no files of this job. */
  async assets(
    job: Held,
    files: AssetsRequest['files'],
  ): Promise<z.infer<typeof AssetsAnswer>['uploads'] | undefined> {
    const answer = await this.ask('assets', { ...this.held(job), files });
    if (answer.status >= 400 && answer.status < 500) return undefined;
    if (answer.status !== 200) throw new JobApiError('assets', answer);
    return AssetsAnswer.parse(answer.body).uploads;
  }

  private held({ job_id, lease_token }: Held) {
    return { worker_id: this.workerId, job_id, lease_token };
  }

  private async post(
    call: 'heartbeat' | 'part' | 'result' | 'fail',
    body: object,
    how: Pick<ApiCall, 'headers' | 'timeoutMs'> = { timeoutMs: CALL_TIMEOUT_MS },
  ): Promise<Taken> {
    const answer = await this.ask(call, body, how);
    if (answer.status === 200) return 'taken';
    if (answer.status === 409 || answer.status === 404) return 'lost';
    if (answer.status === 413 || answer.status === 422 || answer.status === 400) return 'refused';
    throw new JobApiError(call, answer);
  }

  private ask(
    call: string,
    body: object,
    how: Pick<ApiCall, 'headers' | 'timeoutMs'> = { timeoutMs: CALL_TIMEOUT_MS },
  ): Promise<ApiAnswer> {
    return this.api.call({
      method: 'POST',
      path: `/api/vision/${call}`,
      body,
      ...how,
      isRepeatable: true,
    });
  }
}
