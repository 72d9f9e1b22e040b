import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkerConfig } from '@camfleet/config';
import type { CommandQueue } from '@camfleet/queue';
import { AlreadyRunningError, type InstanceLock, lockDataFolder } from '@camfleet/storage';
import { type Logger, createMetrics, createTracer } from '@camfleet/telemetry';
import { describeModels } from '@camfleet/vision';
import { FleetMember } from './fleet/fleet-member';
import { loadIdentity } from './fleet/identity';
import { FeedHub } from './live/feed-hub';
import { LiveServer } from './live/live-server';
import { liveRoutes } from './live/routes';
import { EventIntake } from './outbox/event-intake';
import { analysisTypes } from './jobs/analyses';
import { JobApi } from './jobs/job-api';
import type { JobProcessLimits } from './jobs/job-process';
import { jobRoom } from './jobs/job-room';
import { WorkerJobs } from './jobs/worker-jobs';
import { ObjectModelSupply } from './object-model';
import { ChildPool } from './process/child-pool';
import type { SupervisionLimits } from './process/decoder-child';
import { CAMERAS_PER_CHILD, type ChildSettings, type FromChild, PictureMessage } from './process/ipc';
import { usableClassifiers, usableModels } from './usable-models';
import { countWorker } from './worker-metrics';

export interface WorkerOptions {
  config: WorkerConfig;
  logger: Logger;
  /** Brings commands sooner than the next heartbeat; the worker does without. */
  queue?: CommandQueue;
  /** The compiled `process/child.js`, when it does not lie beside this file. */
  childEntry?: string;
  /** The compiled `jobs/job-child.js`, likewise. */
  jobChildEntry?: string;
  limits?: Partial<SupervisionLimits>;
  jobLimits?: Partial<JobProcessLimits>;
}

export interface RunningWorker {
  /** Where its own server listens. */
  httpUrl: string;
  /** Resolves with a code when the fleet wants this worker no more: `WORKER_REPLACED`, `WORKER_REMOVED`. */
  ended: Promise<string>;
  /**
   * Has the cameras taken over by other workers before a stop. Resolves when nothing runs here, after
   * `drainTimeoutMs` or when the signal aborts, whichever comes first.
   */
  drain(signal: AbortSignal): Promise<void>;
  /** Ends the visits, delivers what it can of the outbox and keeps the rest, stops the children. */
  stop(): Promise<void>;
}

/**
 * Starts a worker: it listens, starts its children and registers in the background, however long the API takes
 * to come up. Rejects when the port is taken or the data folder cannot be written.
 */
export async function startWorker({ config, logger, ...options }: WorkerOptions): Promise<RunningWorker> {
  const models = await usableModels(config);
  const classifiers = await usableClassifiers(config);
  const outboxDirectory = join(config.dataDirectory, 'outbox');
  const clipsDirectory = join(config.dataDirectory, 'clips');
  await mkdir(outboxDirectory, { recursive: true });
  await mkdir(clipsDirectory, { recursive: true });
  const lock = await lockOutbox(outboxDirectory);
  const identity = await loadIdentity(config);
  const metrics = createMetrics({ service: 'worker' });
  const hub = new FeedHub({ watch: (cameraId, views) => pool.watch(cameraId, views) });
  const intake = await EventIntake.open({
    directory: outboxDirectory,
    limits: { maxBytes: config.outboxMaxBytes },
    logger,
    onEvent: () => member.eventWaits(),
    onFull: (isFull) => pool.pauseAnalysis(isFull),
  });
  const settings: ChildSettings = {
    mediaDirectory: config.mediaDirectory,
    modelsDirectory: config.modelsDirectory,
    clipsDirectory,
    models,
  };
  const objectModel = new ObjectModelSupply({
    ...{ config, models, logger },
    onChange: () => member.analysisChanged(),
  });
  const pool: ChildPool = new ChildPool({
    size: config.decoderProcesses,
    entry: options.childEntry ?? join(__dirname, 'process', 'child.js'),
    environment: { CAMFLEET_CHILD: JSON.stringify(settings) },
    limits: options.limits,
    logger,
    onMessage: (message: FromChild) => member.fromChild(message),
    onPicture: ({ header, body }) => {
      const parsed = PictureMessage.safeParse(header);
      if (parsed.success && member.mayShow(parsed.data)) hub.publish(parsed.data, body);
    },
    onEvent: (message, child) => intake.take(message, child),
    onAssign: ({ analysis }) => {
      if (analysis.objects.enabled) objectModel.need();
    },
    onLost: ({ child, cameraIds, reason }) => {
      void intake.childLost(child);
      if (reason !== 'stopped') member.childLost(cameraIds, reason);
    },
  });
  const member: FleetMember = new FleetMember({
    config,
    identity,
    logger,
    queue: options.queue,
    models: describeModels(models),
    outboxDirectory,
    clipsDirectory,
    pool,
    hub,
    outbox: intake.outbox,
    objectFault: () => objectModel.fault,
  });
  countWorker(metrics, { pool, outbox: intake.outbox });
  const server = await LiveServer.start({
    port: config.httpPort,
    logger,
    credentials: () => member.credentials,
    routes: liveRoutes({
      ...identity,
      cameras: member.cameras,
      pool,
      hub,
      metrics,
      isReady: () => member.isReady && pool.anyReady,
      status: () => ({
        ...identity,
        cameras: member.reports(),
        children: pool.describe(),
        outbox: intake.outbox.status(),
      }),
    }),
  }).catch(async (error: unknown) => {
    await pool.stop();
    await intake.close();
    lock.release();
    throw error;
  });
  await intake.endInterrupted();
  member.start({ httpPort: server.port });
  const jobSettings = {
    modelsDirectory: config.modelsDirectory,
    models,
    classifiers,
    modelsBaseUrl: config.modelsBaseUrl,
  };
  const tracer = await createTracer({ service: 'worker', endpoint: config.tracesUrl });
  const jobs = new WorkerJobs({
    api: new JobApi(member.api, identity.workerId),
    analysisTypes: analysisTypes(jobSettings),
    entry: options.jobChildEntry ?? join(__dirname, 'jobs', 'job-child.js'),
    settings: jobSettings,
    limits: options.jobLimits,
    logger,
    tracer,
    room: () =>
      member.isReady
        ? jobRoom({
            jobs: config.jobs,
            cameras: pool.describe().reduce((sum, { cameras }) => sum + cameras.length, 0),
            capacity: config.decoderProcesses * CAMERAS_PER_CHILD,
          })
        : 0,
    prepare: (analysisType, signal) =>
      analysisType === 'objects' ? objectModel.ready(signal) : Promise.resolve(),
  });
  return {
    httpUrl: `http://127.0.0.1:${server.port}`,
    ended: member.ended,
    drain: async (signal) => {
      await Promise.all([jobs.stop(), member.drain(signal)]);
    },
    stop: async () => {
      logger.info({}, 'worker.stopping');
      objectModel[Symbol.dispose]();
      hub.endAll();
      await Promise.all([pool.stop(), member.quieten(), jobs.stop()]);
      await intake.settled();
      await member.deliverLast();
      await server.stop();
      await member.leaveFleet();
      await tracer.stop();
      await intake.close();
      lock.release();
    },
  };
}

/** A second worker beside this one would deliver, and delete, events that are not its own. */
async function lockOutbox(directory: string): Promise<InstanceLock> {
  const lock = await lockDataFolder(directory).catch((error: unknown) => {
    if (!(error instanceof AlreadyRunningError)) throw error;
    throw new Error(`DATA_DIR: another worker (${error.url}) runs on this folder; give this one its own.`);
  });
  lock.tell(`process ${process.pid}`);
  return lock;
}
