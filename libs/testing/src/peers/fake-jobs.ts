import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  AssetsRequest,
  type ClaimedJob,
  ClaimRequest,
  JobFailure,
  JobHeartbeat,
  JobPart,
  JobResult,
} from '@camfleet/protocol';
import { z } from 'zod';
import { type HttpPeer, startHttpPeer } from './http-peer';

/** Sends a file as a server with ranges does; `upTo`: the connection breaks after this many bytes. */
export async function sendFile(
  path: string,
  { request, response, upTo }: { request: IncomingMessage; response: ServerResponse; upTo?: number },
): Promise<void> {
  const { size } = await stat(path);
  const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start >= size) {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  response.writeHead(206, {
    'content-length': size - start,
    'content-range': `bytes ${start}-${size - 1}/${size}`,
  });
  const stream = createReadStream(path, { start, ...(upTo !== undefined && { end: start + upTo - 1 }) });
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  if (upTo !== undefined) stream.on('end', () => response.destroy());
  stream.pipe(response, { end: upTo === undefined });
}

/** The API's side of the vision protocol with one job, for tests of a worker: a real HTTP server, all in memory. */
export class FakeJobs implements AsyncDisposable {
  readonly heartbeats: JobHeartbeat[] = [];
  /** The newest of each index. */
  readonly parts = new Map<number, JobPart['raw_response']>();
  readonly results: JobResult[] = [];
  readonly failures: JobFailure[] = [];
  /** What was put, by key. */
  readonly files = new Map<string, Buffer>();
  /** How often each was put. */
  readonly puts = new Map<string, number>();
  readonly claims: ClaimRequest[] = [];
  /** Asked for each call; a status in place of the usual answer. */
  fault: (path: string) => number | undefined = () => undefined;
  /** The last that a heartbeat left. */
  checkpoint: unknown;
  private job: Pick<ClaimedJob, 'analysis_type' | 'params'> | undefined;
  private attempts = 0;
  private videoPath = '';

  private constructor(private readonly peer: { current?: HttpPeer }) {}

  static async start(): Promise<FakeJobs> {
    const peer: { current?: HttpPeer } = {};
    const fake = new FakeJobs(peer);
    peer.current = await startHttpPeer((request, response) => void fake.answer(request, response));
    return fake;
  }

  get url(): string {
    return this.peer.current?.url ?? '';
  }

  /** What a result and the parts before it say together. */
  whole({ raw_response: raw, parts: count }: JobResult): Record<string, unknown> {
    const all: Record<string, unknown> = { ...z.record(z.string(), z.unknown()).parse(raw) };
    for (let index = (count ?? 0) - 1; index >= 0; index -= 1)
      for (const [name, entries] of Object.entries(this.parts.get(index) ?? {}))
        all[name] = [...entries, ...z.array(z.unknown()).parse(all[name] ?? [])];
    return all;
  }

  /** The next claim gets it. */
  offer(videoPath: string, job: Pick<ClaimedJob, 'analysis_type' | 'params'>): void {
    this.videoPath = videoPath;
    this.job = job;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.peer.current?.[Symbol.asyncDispose]();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const fault = this.fault(path);
    if (fault !== undefined) return void response.writeHead(fault).end();
    if (path === '/video') return sendFile(this.videoPath, { request, response });
    if (path.startsWith('/put/')) {
      const key = decodeURIComponent(path.slice(5));
      this.files.set(key, body);
      this.puts.set(key, (this.puts.get(key) ?? 0) + 1);
      return void response.writeHead(200).end();
    }
    const content = this.call(path.replace('/api/vision/', ''), JSON.parse(body.toString('utf8')));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  }

  private call(name: string, body: unknown): unknown {
    switch (name) {
      case 'claim':
        return { jobs: this.claim(ClaimRequest.parse(body)) };
      case 'heartbeat': {
        const heartbeat = JobHeartbeat.parse(body);
        this.heartbeats.push(heartbeat);
        if (heartbeat.checkpoint !== undefined) this.checkpoint = heartbeat.checkpoint;
        return { leased_until: new Date(Date.now() + 15_000).toISOString() };
      }
      case 'assets':
        return {
          uploads: AssetsRequest.parse(body).files.map(({ name: file }) => ({
            name: file,
            key: `videos/1/${file}`,
            upload_url: `/put/${encodeURIComponent(`videos/1/${file}`)}`,
          })),
        };
      case 'part': {
        const { index, raw_response: part } = JobPart.parse(body);
        this.parts.set(index, part);
        return {};
      }
      case 'result':
        this.results.push(JobResult.parse(body));
        return {};
      case 'fail': {
        const failure = JobFailure.parse(body);
        this.failures.push(failure);
        return { state: failure.retry ? 'queued' : 'dead', next_retry_at: null };
      }
      default:
        throw new Error(`the vision protocol has no ${name}`);
    }
  }

  private claim(claim: ClaimRequest): ClaimedJob[] {
    this.claims.push(claim);
    const { job } = this;
    this.job = undefined;
    if (!job) return [];
    this.attempts += 1;
    const claimed = {
      job_id: 1,
      event_id: 'event-1',
      attempt_count: this.attempts,
      lease_token: `token-${this.attempts}`,
      leased_until: new Date(Date.now() + 15_000).toISOString(),
      video_url: `/video`,
      ...(this.checkpoint !== undefined && { checkpoint: this.checkpoint }),
    };
    return [{ ...claimed, ...job }];
  }
}
