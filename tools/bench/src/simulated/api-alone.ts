import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@camfleet/database';
import { freePort, until } from '@camfleet/testing';
import { Client } from 'pg';
import { OwnProcess } from '../fleet/own-process';
import type { BenchContext } from '../row';

const START_TIMEOUT_MS = 60_000;

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

  get pids(): { api: number; database: number } {
    return this.parts.pids;
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
      const isReady = () =>
        fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
      await until(`${url} is ready`, async () => api.checkAlive() && (await isReady()), START_TIMEOUT_MS);
      await sql.connect();
    } catch (error) {
      await end();
      throw error;
    }
    return new ApiAlone({ url, pids: { api: api.pid, database: database.pid }, sql, end });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.parts.end();
  }
}
