import { Database, type EnqueuedJob, JobsRepository, type NewJob } from '@camfleet/database';
import type { ClaimAnswer, ClaimedJob, JobView } from '@camfleet/protocol';
import { randomUUID } from 'node:crypto';
import { ApiHarness, WORKER_KEY } from './api-harness';

export interface ErrorBodyOf {
  error: { code: string; message: string };
}

/** An API whose jobs are asked for by the repository, as other rooms ask, and done over HTTP. */
export class JobsStage {
  private readonly jobs: JobsRepository;
  private readonly database: Database;
  private count = 0;
  private readonly replicas: ApiHarness[] = [];

  private constructor(readonly api: ApiHarness) {
    this.database = new Database(api.databaseUrl);
    this.jobs = new JobsRepository(this.database);
  }

  static async start(): Promise<JobsStage> {
    return new JobsStage(await ApiHarness.start());
  }

  /** Another replica, until {@link clear}. */
  async replica(change: Parameters<ApiHarness['startReplica']>[0] = {}): Promise<ApiHarness> {
    const replica = await this.api.startReplica(change);
    this.replicas.push(replica);
    return replica;
  }

  /** No jobs, and no other replicas. */
  async clear(): Promise<void> {
    for (const replica of this.replicas.splice(0)) await replica.stop();
    await this.sql('DELETE FROM vision_jobs');
  }

  async stop(): Promise<void> {
    await this.database.close();
    await this.api.stop();
  }

  sql(text: string, ...values: unknown[]): Promise<number> {
    return this.database.prisma.$executeRawUnsafe(text, ...values);
  }

  read<Row>(text: string, ...values: unknown[]): Promise<Row[]> {
    return this.database.prisma.$queryRawUnsafe<Row[]>(text, ...values);
  }

  /** While another transaction holds the rows that `text` locks. */
  async whileHeld(text: string, work: () => Promise<void>): Promise<void> {
    await this.database.prisma.$transaction(
      async (tx) => {
        await tx.$executeRawUnsafe(text);
        await work();
      },
      { timeout: 60_000 },
    );
  }

  async tenant(id: string): Promise<string> {
    await this.sql('INSERT INTO tenants (id, name) VALUES ($1, $1) ON CONFLICT DO NOTHING', id);
    return id;
  }

  enqueue(jobs: readonly NewJob[]): Promise<EnqueuedJob[]> {
    return this.database.prisma.$transaction((tx) => this.jobs.enqueue(tx, jobs));
  }

  /** One job of an event of its own. */
  async job(change: Partial<NewJob> = {}): Promise<EnqueuedJob> {
    this.count += 1;
    const job = { tenantId: 'default', eventId: `event-${this.count}`, analysisType: 'boxes', ...change };
    const [enqueued] = await this.enqueue([job]);
    if (!enqueued) throw new Error('The job was left out.');
    return enqueued;
  }

  /** An upload that has arrived. Answers its id. */
  async video(): Promise<string> {
    const id = randomUUID();
    await this.sql(
      `INSERT INTO videos (id, tenant_id, workspace_id, file_name, content_type, raw_key, status, size_bytes)
       VALUES ($1, 'default', 'w', 'a.mp4', 'video/mp4', $2, 'uploaded', 1)`,
      id,
      `p/w/${id}/raw/a.mp4`,
    );
    return id;
  }

  async claim(change: object = {}, { query = '', api = this.api } = {}): Promise<ClaimedJob[]> {
    const body = { worker_id: 'w', max_jobs: 1, lease_seconds: 300, analysis_types: ['boxes'], ...change };
    const answer = await this.worker<ClaimAnswer>(`claim${query}`, body, api);
    if (answer.status !== 200) throw new Error(`The claim was answered ${JSON.stringify(answer)}`);
    return answer.body.jobs;
  }

  /** One job, claimed. */
  async claimed(change: object = {}): Promise<ClaimedJob> {
    const [job] = await this.claim(change);
    if (!job) throw new Error('There was no job to claim.');
    return job;
  }

  report(job: ClaimedJob, change: object = {}, api = this.api) {
    return this.worker<ErrorBodyOf>(
      'result',
      {
        worker_id: 'w',
        job_id: job.job_id,
        event_id: job.event_id,
        analysis_type: job.analysis_type,
        duration_ms: 1200,
        raw_response: { frames: [] },
        model: 'yolov8n',
        version: '1',
        hash: 'abc123',
        metadata: {},
        lease_token: job.lease_token,
        ...change,
      },
      api,
    );
  }

  worker<Body>(path: string, body: object, api = this.api) {
    return api.call<Body>('POST', `/api/vision/${path}`, { key: WORKER_KEY, body });
  }

  async view(id: number): Promise<JobView> {
    return (await this.api.call<JobView>('GET', `/api/jobs/${id}`)).body;
  }

  /** As if the lease had run out just now. */
  async endLease(id: number): Promise<void> {
    await this.sql(`UPDATE vision_jobs SET due_at = now() - interval '1 ms' WHERE id = $1`, id);
  }
}
