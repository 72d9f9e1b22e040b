import { startApi } from '@camfleet/api';
import { type ApiConfig, type Environment, readApiConfig, readWorkerConfig } from '@camfleet/config';
import { migrate, startEmbeddedPostgres } from '@camfleet/database';
import { type CommandQueue, MemoryCommandQueue, openBullMqCommandQueue } from '@camfleet/queue';
import type { Logger } from '@camfleet/telemetry';
import { startWorker } from '@camfleet/worker';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Secrets, isFirstStart, makeFolder, readOrMakeSecrets } from './data-folder';
import { startDemo } from './demo';
import { lockDataFolder } from '@camfleet/storage';

export interface StandaloneOptions {
  env: Environment;
  /** The checkout: migrations, the built dashboard, models, demo clips. */
  root: string;
  dataDirectory: string;
  demo: boolean;
  logger: Logger;
  /** Hears what is being started, for whoever waits. */
  onProgress: (step: string) => void;
}

export interface Standalone {
  url: string;
  username: string;
  /** The password made up for the first log-in; whoever changed it knows theirs. */
  initialPassword: string;
  /** The admin key that was made up just now; on later starts nobody is told. */
  newAdminKey?: string;
  stop(): Promise<void>;
}

const FIRST_USER = 'admin';

/** Everything in one program: database, API, worker, dashboard, demo cameras. What was started stops in reverse. */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { env, root, dataDirectory, logger, onProgress } = options;
  const running: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const stopNext of running.splice(0).reverse())
      await stopNext().catch((err: unknown) => logger.error({ err }, 'standalone.stop_failed'));
  };
  try {
    makeFolder(dataDirectory);
    const lock = await lockDataFolder(dataDirectory);
    running.push(() => Promise.resolve(lock.release()));
    const isNew = isFirstStart(dataDirectory);
    const secrets = readOrMakeSecrets(dataDirectory);

    onProgress('database');
    const databaseUrl = env.DATABASE_URL || (await startDatabase(dataDirectory, running));
    const config = apiConfig(env, { secrets, databaseUrl, dataDirectory });
    await migrate({ url: databaseUrl, directory: join(root, 'prisma/migrations') });

    onProgress('API');
    const queue = await openQueue(config, logger);
    running.push(() => queue.close());
    const api = await startApi({
      config,
      queue,
      logger,
      dashboardDirectory: join(root, 'apps/dashboard/dist'),
    });
    running.push(() => api.stop());
    await api.createFirstAdmin(FIRST_USER, secrets.adminPassword);
    const apiUrl = `http://127.0.0.1:${api.port}`;

    onProgress('worker');
    const worker = await startWorker({
      config: workerConfig(env, { secrets, dataDirectory, root, apiUrl }),
      // A child with a `service` of its own would write the key twice.
      logger: logger.child({ part: 'worker' }),
      queue,
    });
    running.push(() => worker.stop());

    if (options.demo) {
      onProgress('demo cameras');
      const demo = await startDemo({
        clipsDirectory: join(root, '.models/demo'),
        apiUrl,
        adminApiKey: config.adminApiKey ?? secrets.adminApiKey,
      });
      running.push(() => demo.close());
    }
    const url = `http://localhost:${api.port}`;
    lock.tell(url);
    return {
      url,
      username: FIRST_USER,
      initialPassword: secrets.adminPassword,
      newAdminKey: isNew && !env.ADMIN_API_KEY ? secrets.adminApiKey : undefined,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startDatabase(dataDirectory: string, running: (() => Promise<unknown>)[]): Promise<string> {
  const database = await startEmbeddedPostgres({ dataDirectory });
  running.push(() => database.stop());
  return database.url;
}

function apiConfig(
  env: Environment,
  { secrets, databaseUrl, dataDirectory }: { secrets: Secrets; databaseUrl: string; dataDirectory: string },
): ApiConfig {
  return readApiConfig({
    ...(/^\d*$/.test(env.PORT ?? '') && { API_PUBLIC_URL: `http://127.0.0.1:${env.PORT || 8080}` }),
    SECRET_KEY: secrets.secretKey,
    WORKER_API_KEY: secrets.workerApiKey,
    ADMIN_API_KEY: secrets.adminApiKey,
    ...withoutEmpty(env),
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDirectory,
  });
}

function workerConfig(
  env: Environment,
  {
    secrets,
    dataDirectory,
    root,
    apiUrl,
  }: { secrets: Secrets; dataDirectory: string; root: string; apiUrl: string },
) {
  const mediaDirectory = env.MEDIA_DIR || join(dataDirectory, 'media');
  mkdirSync(mediaDirectory, { recursive: true });
  // Nobody but the API of this program asks the worker: any port will do, and loopback.
  const port = env.WORKER_HTTP_PORT || '0';
  return readWorkerConfig({
    WORKER_API_KEY: secrets.workerApiKey,
    ...(port !== '0' && { WORKER_PUBLIC_URL: `http://127.0.0.1:${port}` }),
    MODELS_DIR: join(root, '.models'),
    ...withoutEmpty(env),
    WORKER_HTTP_PORT: port,
    MEDIA_DIR: mediaDirectory,
    DATA_DIR: dataDirectory,
    API_URL: apiUrl,
  });
}

async function openQueue(config: ApiConfig, logger: Logger): Promise<CommandQueue> {
  if (!config.redisUrl) return new MemoryCommandQueue();
  return openBullMqCommandQueue({
    redisUrl: config.redisUrl,
    onError: (err) => logger.warn({ err }, 'queue.unavailable'),
  });
}

function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}
