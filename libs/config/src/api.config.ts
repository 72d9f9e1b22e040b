import { z } from 'zod';
import {
  ConfigError,
  EnhancedWorker,
  Environment,
  HttpUrl,
  Milliseconds,
  Port,
  PostgresUrl,
  QueueName,
  RedisUrl,
  readEnvironment,
} from './environment';
import { advertisedUrl } from './advertised-url';
import { awsRegion } from './aws-region';
import { DEFAULT_LABEL_MAP, type LabelMap, LabelMapFile } from './label-map';
import { resolve } from 'node:path';

/** `10.0.0.0/8,192.168.1.7` */
const AddressRanges = z
  .string()
  .transform((text) => text.split(',').map((range) => range.trim()))
  .pipe(
    z.array(
      z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], 'must be addresses or ranges (CIDR), by comma'),
    ),
  );

const Variables = z.object({
  PORT: Port.default(8080),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: PostgresUrl,
  REDIS_URL: RedisUrl.optional(),
  ADMIN_API_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  WORKER_API_KEY: z.string().min(16, 'must have at least 16 characters'),
  SECRET_KEY: z.string().min(32, 'must have at least 32 characters'),
  API_PUBLIC_URL: HttpUrl.optional(),
  LEASE_TTL_MS: Milliseconds.default(5000),
  HEARTBEAT_INTERVAL_MS: Milliseconds.default(1000),
  TRUSTED_PROXIES: AddressRanges.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: HttpUrl.optional(),
  VISION_TRUSTED_CIDRS: AddressRanges.optional(),
  USE_ENHANCED_WORKER: EnhancedWorker,
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  S3_PREFIX: z
    .string()
    .regex(/^[\w-]+(\/[\w-]+)*$/, 'may hold letters, digits, "_", "-" and "/" only')
    .default('demo_user'),
  S3_REGION: z.string().optional(),
  S3_ENDPOINT: HttpUrl.optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  SQS_ENDPOINT: HttpUrl.optional(),
  SQS_REGION: z.string().optional(),
  AWS_REGION: z.string().optional(),
  VIDEO_TASKS_QUEUE: QueueName.default('cvitx-video-tasks'),
  SNAPSHOT_TASKS_QUEUE: QueueName.default('cvitx-snapshot-tasks'),
  LABEL_MAP: LabelMapFile.optional(),
  AMQP_URL: notYet('there are no alerts'),
});

export interface ApiConfig {
  port: number;
  dataDirectory: string;
  databaseUrl: string;
  redisUrl?: string;
  adminApiKey?: string;
  workerApiKey: string;
  secretKey: string;
  /** Where workers reach this replica. */
  publicUrl: string;
  leaseTtlMs: number;
  heartbeatIntervalMs: number;
  /** Addresses and ranges (CIDR) of proxies whose word of the client's address and protocol is taken. */
  trustedProxies?: string[];
  /** Addresses and ranges (CIDR) from which `/api/vision/*` and `/video/*` ask for no key. */
  visionTrustedCidrs?: string[];
  /** An OTLP/HTTP receiver of traces; none: they go nowhere. */
  tracesUrl?: string;
  /** The first part of the keys of videos' files. */
  assetPrefix: string;
  /** None: files are kept in the data folder. */
  s3?: S3Config;
  messages: MessagesConfig;
}

/** The messages of the snapshot pipeline. They go over SQS, else over Redis, else they stay rows. */
export interface MessagesConfig {
  sqs?: { endpoint: string; region: string };
  videoTasksQueue: string;
  snapshotTasksQueue: string;
  labelMap: LabelMap;
}

export interface S3Config {
  bucket: string;
  region: string;
  /** None: Amazon's own. */
  endpoint?: string;
  /** None: what the machine's role, or the AWS variables, give. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** A variable that will mean something: silently doing without it would surprise. */
function notYet(instead: string) {
  return z.never(`is not supported yet; ${instead}`).optional();
}

/** A lease must outlive a heartbeat that is lost. */
const LEAST_HEARTBEATS_A_LEASE = 2;

/** The environment of one API replica. Throws `ConfigError`. */
export function readApiConfig(env: Environment): ApiConfig {
  const read = readEnvironment(Variables, env);
  if (read.LEASE_TTL_MS < read.HEARTBEAT_INTERVAL_MS * LEAST_HEARTBEATS_A_LEASE)
    throw new ConfigError(['LEASE_TTL_MS: must be at least twice HEARTBEAT_INTERVAL_MS']);
  const s3 = readS3(read);
  return {
    port: read.PORT,
    dataDirectory: resolve(read.DATA_DIR),
    databaseUrl: read.DATABASE_URL,
    redisUrl: read.REDIS_URL,
    adminApiKey: read.ADMIN_API_KEY,
    workerApiKey: read.WORKER_API_KEY,
    secretKey: read.SECRET_KEY,
    publicUrl: read.API_PUBLIC_URL ?? advertisedUrl(read.PORT),
    leaseTtlMs: read.LEASE_TTL_MS,
    heartbeatIntervalMs: read.HEARTBEAT_INTERVAL_MS,
    trustedProxies: read.TRUSTED_PROXIES,
    visionTrustedCidrs: read.VISION_TRUSTED_CIDRS,
    tracesUrl: read.OTEL_EXPORTER_OTLP_ENDPOINT,
    assetPrefix: read.S3_PREFIX,
    ...(s3 && { s3 }),
    messages: readMessages(read),
  };
}

function readMessages(read: z.infer<typeof Variables>): MessagesConfig {
  const { SQS_ENDPOINT: endpoint } = read;
  const region = awsRegion('SQS_REGION', { set: read.SQS_REGION, endpoint, fallback: read.AWS_REGION });
  return {
    ...(endpoint && { sqs: { endpoint, region } }),
    videoTasksQueue: read.VIDEO_TASKS_QUEUE,
    snapshotTasksQueue: read.SNAPSHOT_TASKS_QUEUE,
    labelMap: read.LABEL_MAP ?? DEFAULT_LABEL_MAP,
  };
}

function readS3(read: z.infer<typeof Variables>): S3Config | undefined {
  const { S3_ENDPOINT: endpoint } = read;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = read;
  if (!read.S3_BUCKET) {
    if (endpoint) throw new ConfigError(['S3_BUCKET is required with S3_ENDPOINT.']);
    return undefined;
  }
  if (!accessKeyId !== !secretAccessKey)
    throw new ConfigError([
      `${accessKeyId ? 'S3_SECRET_ACCESS_KEY' : 'S3_ACCESS_KEY_ID'} is required: both or none.`,
    ]);
  return {
    bucket: read.S3_BUCKET,
    region: awsRegion('S3_REGION', { set: read.S3_REGION, endpoint, fallback: read.AWS_REGION }),
    ...(endpoint && { endpoint }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
  };
}
