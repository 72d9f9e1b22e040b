import { type EmbeddedPostgres, startEmbeddedPostgres } from '@camfleet/database';
import { type RedisPeer, freePort, startRedis, until } from '@camfleet/testing';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient } from './api-client';
import { Program } from './program/program';
import { dataFolder } from './system';

const KEYS = {
  ADMIN_API_KEY: 'e2e-admin-key-0123456789',
  WORKER_API_KEY: 'e2e-worker-key-0123456789',
  SECRET_KEY: 'e2e-secret-key-0123456789-0123456789',
};
const MODELS = join(__dirname, '../../../.models');

/** API and workers as processes of their own, on a real PostgreSQL and a real Redis. */
export class Fleet implements AsyncDisposable {
  readonly workers = new Map<string, Program>();

  private constructor(
    private readonly parts: {
      folder: string;
      database: EmbeddedPostgres;
      redis: RedisPeer;
      replica: Program;
      api: ApiClient;
    },
  ) {}

  static async start(workerIds: readonly string[]): Promise<Fleet> {
    const folder = dataFolder();
    const [database, redis] = await Promise.all([
      startEmbeddedPostgres({ dataDirectory: folder, durable: false }),
      startRedis(),
    ]);
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const replica = new Program({
      entry: 'apps/api/dist/main.js',
      env: {
        ...KEYS,
        PORT: port,
        API_PUBLIC_URL: url,
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        DATA_DIR: join(folder, 'api'),
      },
    });
    const api = new ApiClient(url, KEYS.ADMIN_API_KEY);
    const fleet = new Fleet({ folder, database, redis, replica, api });
    try {
      await replica.saying(/api\.started/);
      await Promise.all(workerIds.map((id) => fleet.addWorker(id)));
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  get api(): ApiClient {
    return this.parts.api;
  }

  get redis(): RedisPeer {
    return this.parts.redis;
  }

  get replica(): Program {
    return this.parts.replica;
  }

  /** Resolves when the API counts on it. */
  async addWorker(id: string): Promise<Program> {
    const port = String(await freePort());
    const { api, redis, folder } = this.parts;
    const dataDirectory = join(folder, id);
    mkdirSync(dataDirectory, { recursive: true });
    const program = new Program({
      entry: 'apps/worker/dist/main.js',
      env: {
        WORKER_API_KEY: KEYS.WORKER_API_KEY,
        WORKER_ID: id,
        API_URL: api.url,
        WORKER_HTTP_PORT: port,
        WORKER_PUBLIC_URL: `http://127.0.0.1:${port}`,
        REDIS_URL: redis.url,
        DATA_DIR: dataDirectory,
        MODELS_DIR: MODELS,
        DECODER_PROCESSES: '1',
      },
    });
    this.workers.set(id, program);
    await until(`${id} is online`, async () => {
      if (program.hasEnded) throw new Error(`${id} has ended: ${program.output}`);
      return (await api.workers()).some((worker) => worker.id === id && worker.state === 'online');
    });
    return program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { replica, redis, database, folder } = this.parts;
    await Promise.all([...this.workers.values()].map((worker) => worker[Symbol.asyncDispose]()));
    await replica[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
