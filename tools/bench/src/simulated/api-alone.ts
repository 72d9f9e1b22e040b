import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@camfleet/database';
import { freePort } from '@camfleet/testing';
import { Client } from 'pg';
import { OwnProcess } from '../fleet/own-process';
import { untilReady } from '../fleet/until-ready';
import { familyCpuSeconds } from '../measure/processes';
import type { BenchContext } from '../row';

/** One API replica and its PostgreSQL, each a process of its own, on an empty database that survives a power cut. */
export class ApiAlone implements AsyncDisposable {
  static readonly workerKey = 'worker-key-of-the-bench';

  private constructor(
    private readonly parts: {
      url: string;
      pids: { api: number; database: number };
      sql: Client;
      end: () => Promise<void>;
    },
  ) {}

  get url(): string {
    return this.parts.url;
  }

  get sql(): Client {
    return this.parts.sql;
  }

  static async start({ root, scratch }: Pick<BenchContext, 'root' | 'scratch'>): Promise<ApiAlone> {
    const directory = join(scratch, `api-${Date.now()}`);
    mkdirSync(directory, { recursive: true });
    const database = await startEmbeddedPostgres({ dataDirectory: join(directory, 'database') });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const api = OwnProcess.start({
      args: ['--enable-source-maps', join(root, 'apps/api/dist/main.js')],
      cwd: directory,
      logFile: join(directory, 'api.log'),
      env: {
        LOG_LEVEL: 'warn',
        PORT: String(port),
        DATA_DIR: join(directory, 'api'),
        DATABASE_URL: database.url,
        WORKER_API_KEY: ApiAlone.workerKey,
        SECRET_KEY: 'secret-key-of-the-bench-secret-key',
        API_PUBLIC_URL: url,
      },
    });
    const sql = new Client({ connectionString: database.url });
    const end = async () => {
      await sql.end().catch(() => undefined);
      await api[Symbol.asyncDispose]();
      await database.stop();
    };
    try {
      await untilReady(url, api);
      await sql.connect();
    } catch (error) {
      await end();
      throw error;
    }
    return new ApiAlone({ url, pids: { api: api.pid, database: database.pid }, sql, end });
  }

  /** What each used while `work` went on, processes that ended meanwhile included. */
  async coresDuring<Result>(
    work: () => Promise<Result>,
  ): Promise<{ result: Result; cores: { api: number; database: number } }> {
    const { api, database } = this.parts.pids;
    const before = [familyCpuSeconds(api), familyCpuSeconds(database)] as const;
    const startedAt = performance.now();
    const result = await work();
    const seconds = (performance.now() - startedAt) / 1_000;
    const cores = {
      api: (familyCpuSeconds(api) - before[0]) / seconds,
      database: (familyCpuSeconds(database) - before[1]) / seconds,
    };
    return { result, cores };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.parts.end();
  }
}
