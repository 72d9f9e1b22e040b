import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { advertisedUrl } from './advertised-url';
import {
  EnhancedWorker,
  Environment,
  HttpUrl,
  HttpUrls,
  LabelList,
  Milliseconds,
  Port,
  RedisUrl,
  readEnvironment,
} from './environment';

const ModelId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be the id of a model in the catalogue')
  .optional();

const Variables = z.object({
  API_URL: HttpUrls.default(['http://localhost:8080']),
  WORKER_API_KEY: z.string().min(1),
  WORKER_HTTP_PORT: Port.default(8090),
  WORKER_PUBLIC_URL: HttpUrl.optional(),
  WORKER_ID: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'may hold letters, digits, "_", "-" and "." only')
    .optional(),
  WORKER_NAME: z.string().max(200).optional(),
  TENANT_ID: z.string().default('default'),
  SITE_ID: z.string().optional(),
  WORKER_LABELS: LabelList.default({}),
  MEDIA_DIR: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  MODELS_DIR: z.string().default('.models'),
  MODELS_BASE_URL: HttpUrl.optional(),
  MODELS_CATALOGUE: z.string().optional(),
  CLASSIFIERS: z.string().optional(),
  FACE_DETECTOR: ModelId,
  FACE_EMBEDDER: ModelId,
  OBJECT_DETECTOR: ModelId,
  REDIS_URL: RedisUrl.optional(),
  DRAIN_TIMEOUT_MS: Milliseconds.default(20_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: HttpUrl.optional(),
  OUTBOX_MAX_MIB: z.coerce.number().int().min(32).max(1_000_000).default(512),
  DECODER_PROCESSES: z.coerce.number().int().min(1).max(256).optional(),
  WORKER_JOBS: z.coerce.number().int().min(0).max(64).default(1),
  USE_ENHANCED_WORKER: EnhancedWorker,
});

export interface WorkerConfig {
  apiUrls: string[];
  workerApiKey: string;
  httpPort: number;
  /** Where the API reaches this worker; unset when the port is chosen by the system. */
  publicUrl: string;
  workerId?: string;
  name: string;
  tenantId: string;
  siteId?: string;
  labels: Record<string, string>;
  /** The folder that `file:` sources may name; none: no file sources. */
  mediaDirectory?: string;
  dataDirectory: string;
  modelsDirectory: string;
  /** Where models are fetched from in place of npm and their own URLs. */
  modelsBaseUrl?: string;
  /** A file of the user's own models; none: those that come with Camfleet. */
  modelsCatalogue?: string;
  /** A file of classifiers of vehicles' snapshots; none: this worker classifies none. */
  classifiers?: string;
  /** Ids of the catalogue; what is left out is Camfleet's choice. */
  models: { faceDetector?: string; faceEmbedder?: string; objectDetector?: string };
  redisUrl?: string;
  drainTimeoutMs: number;
  /** What the events that wait for the API may take on disk. */
  outboxMaxBytes: number;
  decoderProcesses: number;
  /** Jobs at a time while no live camera needs the machine; 0: none, ever. */
  jobs: number;
  /** An OTLP/HTTP receiver of traces; none: they go nowhere. */
  tracesUrl?: string;
}

/** The environment of one worker. Throws `ConfigError`. */
export function readWorkerConfig(env: Environment): WorkerConfig {
  const read = readEnvironment(Variables, env);
  return {
    apiUrls: read.API_URL,
    workerApiKey: read.WORKER_API_KEY,
    httpPort: read.WORKER_HTTP_PORT,
    publicUrl: read.WORKER_PUBLIC_URL ?? advertisedUrl(read.WORKER_HTTP_PORT),
    workerId: read.WORKER_ID,
    name: read.WORKER_NAME ?? hostname(),
    tenantId: read.TENANT_ID,
    siteId: read.SITE_ID,
    labels: read.WORKER_LABELS,
    mediaDirectory: read.MEDIA_DIR && resolve(read.MEDIA_DIR),
    dataDirectory: resolve(read.DATA_DIR),
    modelsDirectory: resolve(read.MODELS_DIR),
    modelsBaseUrl: read.MODELS_BASE_URL,
    modelsCatalogue: read.MODELS_CATALOGUE && resolve(read.MODELS_CATALOGUE),
    classifiers: read.CLASSIFIERS && resolve(read.CLASSIFIERS),
    models: {
      faceDetector: read.FACE_DETECTOR,
      faceEmbedder: read.FACE_EMBEDDER,
      objectDetector: read.OBJECT_DETECTOR,
    },
    redisUrl: read.REDIS_URL,
    drainTimeoutMs: read.DRAIN_TIMEOUT_MS,
    outboxMaxBytes: read.OUTBOX_MAX_MIB * 1024 * 1024,
    decoderProcesses: read.DECODER_PROCESSES ?? availableParallelism(),
    jobs: read.WORKER_JOBS,
    tracesUrl: read.OTEL_EXPORTER_OTLP_ENDPOINT,
  };
}
