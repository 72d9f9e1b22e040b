import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@camfleet/database';
import { freePort } from '@camfleet/testing';
import type { BenchContext } from '../row';
import { ApiClient } from './api-client';
import { OwnProcess } from './own-process';
import { untilReady } from './until-ready';
import { workerSecret } from './worker-secret';

const ADMIN_KEY = 'admin-key-of-the-bench';
const WORKER_KEY = 'worker-key-of-the-bench';
const SECRET_KEY = 'secret-key-of-the-bench-secret-key';

interface WorkerAccess {
  url: string;
  pid: number;
  /** Signs what the bench asks of the worker's own server. */
  secret: string;
}

interface FleetParts {
  api: ApiClient;
  apiPid: number;
  worker: WorkerAccess;
  /** Ends each part, in the order of the starts. */
  running: (() => Promise<unknown>)[];
}

/** A whole fleet of one API and one worker, each a process of its own, on an empty database. */
export class Fleet implements AsyncDisposable {
  private readonly running: (() => Promise<unknown>)[];
  readonly api: ApiClient;
  readonly apiPid: number;
  readonly worker: WorkerAccess;

  private constructor(parts: FleetParts) {
    this.api = parts.api;
    this.apiPid = parts.apiPid;
    this.worker = parts.worker;
    this.running = parts.running;
  }

  /** @param env for both, children of the worker included */
  static async start(
    { root, scratch }: Pick<BenchContext, 'root' | 'scratch'>,
    env: Record<string, string> = {},
  ): Promise<Fleet> {
    const running: (() => Promise<unknown>)[] = [];
    try {
      return new Fleet(
        await assemble({ root, directory: join(scratch, `fleet-${Date.now()}`), env, running }),
      );
    } catch (error) {
      await endAll(running);
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return endAll(this.running);
  }
}

interface Assembly {
  root: string;
  directory: string;
  env: Record<string, string>;
  /** Gets what ends each part, in the order of the starts. */
  running: (() => Promise<unknown>)[];
}

async function assemble({ root, directory, env, running }: Assembly): Promise<FleetParts> {
  mkdirSync(directory, { recursive: true });
  const database = await startEmbeddedPostgres({ dataDirectory: join(directory, 'database') });
  running.push(() => database.stop());
  const [apiPort, workerPort] = [await freePort(), await freePort()];
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const workerUrl = `http://127.0.0.1:${workerPort}`;
  const start = (app: string, variables: Record<string, string>) => {
    const started = OwnProcess.start({
      args: ['--enable-source-maps', join(root, `apps/${app}/dist/main.js`)],
      cwd: directory,
      logFile: join(directory, `${app}.log`),
      env: { LOG_LEVEL: 'warn', WORKER_API_KEY: WORKER_KEY, ...env, ...variables },
    });
    running.push(() => started[Symbol.asyncDispose]());
    return started;
  };
  const api = start('api', {
    PORT: String(apiPort),
    DATA_DIR: join(directory, 'api'),
    DATABASE_URL: database.url,
    ADMIN_API_KEY: ADMIN_KEY,
    SECRET_KEY,
    API_PUBLIC_URL: apiUrl,
  });
  await untilReady(apiUrl, api);
  const worker = start('worker', {
    API_URL: apiUrl,
    DATA_DIR: join(directory, 'worker'),
    MODELS_DIR: join(root, '.models'),
    WORKER_HTTP_PORT: String(workerPort),
    WORKER_PUBLIC_URL: workerUrl,
    DRAIN_TIMEOUT_MS: '1',
  });
  await untilReady(workerUrl, worker);
  const secret = await workerSecret({ root, databaseUrl: database.url, secretKey: SECRET_KEY });
  return {
    running,
    api: new ApiClient(apiUrl, ADMIN_KEY),
    apiPid: api.pid,
    worker: { url: workerUrl, pid: worker.pid, secret },
  };
}

async function endAll(running: (() => Promise<unknown>)[]): Promise<void> {
  for (const end of running.splice(0).reverse()) await end().catch(() => undefined);
}
