import { type EmbeddedPostgres, migrate, startEmbeddedPostgres } from '@camfleet/database';
import { type CommandQueue, MemoryCommandQueue } from '@camfleet/queue';
import { createLogger } from '@camfleet/telemetry';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiConfig, DEFAULT_LABEL_MAP } from '@camfleet/config';
import { type RunningApi, startApi } from '../src/index';

export const ADMIN_KEY = 'test-admin-key-0123456789';
export const WORKER_KEY = 'test-worker-key-0123456789';

interface Answer<Body> {
  status: number;
  body: Body;
  headers: Headers;
}

/** A real API on a real PostgreSQL, in folders of its own. */
export class ApiHarness {
  private constructor(
    private readonly parts: {
      folder: string;
      postgres: EmbeddedPostgres;
      config: ApiConfig;
      api: RunningApi;
      queue: CommandQueue;
      /** The harness that it shares everything but the API with. */
      of?: ApiHarness;
    },
  ) {}

  static async start(change: Partial<ApiConfig> = {}): Promise<ApiHarness> {
    const folder = mkdtempSync(join(tmpdir(), 'camfleet-api-'));
    chmodSync(folder, 0o755);
    const postgres = await startEmbeddedPostgres({ dataDirectory: folder, durable: false });
    await migrate({ url: postgres.url, directory: join(__dirname, '../../../prisma/migrations') });
    const config: ApiConfig = {
      port: 0,
      dataDirectory: folder,
      databaseUrl: postgres.url,
      adminApiKey: ADMIN_KEY,
      workerApiKey: WORKER_KEY,
      secretKey: 's'.repeat(32),
      publicUrl: 'http://127.0.0.1:1',
      leaseTtlMs: 5000,
      heartbeatIntervalMs: 1000,
      assetPrefix: 'demo_user',
      messages: {
        videoTasksQueue: 'cvitx-video-tasks',
        snapshotTasksQueue: 'cvitx-snapshot-tasks',
        labelMap: DEFAULT_LABEL_MAP,
      },
      ...change,
    };
    const queue = new MemoryCommandQueue();
    const api = await startApi({ config, queue, logger: createLogger({ service: 'test', level: 'error' }) });
    return new ApiHarness({ folder, postgres, config, api, queue });
  }

  /** Another API on the same database. `queue` `null`: it has none. */
  async startReplica(
    change: Partial<ApiConfig> = {},
    queue: CommandQueue | null = this.parts.queue,
  ): Promise<ApiHarness> {
    const config = { ...this.parts.config, ...change };
    const logger = createLogger({ service: 'test', level: 'error' });
    const api = await startApi({ config, queue: queue ?? undefined, logger });
    return new ApiHarness({ ...this.parts, api, of: this });
  }

  get databaseUrl(): string {
    return this.parts.postgres.url;
  }

  get dataDirectory(): string {
    return this.parts.folder;
  }

  get url(): string {
    return `http://127.0.0.1:${this.parts.api.port}`;
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.parts.api.port}`;
  }

  createFirstAdmin(username: string, password: string): Promise<boolean> {
    return this.parts.api.createFirstAdmin(username, password);
  }

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    options: { body?: unknown; key?: string | null; headers?: Record<string, string> } = {},
  ): Promise<Answer<Body>> {
    const { body, key = ADMIN_KEY, headers = {} } = options;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(key && { Authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text ? JSON.parse(text) : {}) as Body,
      headers: response.headers,
    };
  }

  async createCamera(change: object = {}): Promise<string> {
    const body = { name: 'Door', source: { url: 'rtsp://127.0.0.1:1/none' }, ...change };
    const created = await this.call<{ id: string }>('POST', '/api/cameras', { body });
    if (created.status !== 201) throw new Error(`No camera: ${JSON.stringify(created.body)}`);
    return created.body.id;
  }

  /** For good. */
  stopDatabase(): Promise<void> {
    return this.parts.postgres.stop();
  }

  async stop(): Promise<void> {
    await this.parts.api.stop();
    if (this.parts.of) return;
    await this.parts.queue.close();
    await this.parts.postgres.stop();
    rmSync(this.parts.folder, { recursive: true, force: true });
  }
}

/** Resolves with the first truthy answer; rejects after `timeoutMs` with what it waited for. */
export async function eventually<Value>(
  what: string,
  look: () => Promise<Value | undefined | false | null> | Value | undefined | false | null,
  timeoutMs = 10_000,
): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
