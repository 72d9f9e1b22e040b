import { LinkedAbort } from '@camfleet/domain';
import type { WorkerConfig } from '@camfleet/config';
import type {
  CameraReport,
  HeartbeatAnswer,
  HeartbeatRequest,
  RegisterAnswer,
  RegisterRequest,
} from '@camfleet/protocol';
import type { CommandQueue } from '@camfleet/queue';
import type { Logger } from '@camfleet/telemetry';
import { ClipDelivery } from '../clips/clip-delivery';
import { CommandIntake } from '../commands/command-intake';
import type { FeedHub } from '../live/feed-hub';
import { EventDelivery } from '../outbox/event-delivery';
import type { EventOutbox } from '../outbox/event-outbox';
import { RejectedFile } from '../outbox/rejected-file';
import type { ChildPool } from '../process/child-pool';
import type { ExitReason } from '../process/decoder-child';
import type { FromChild, PictureMessage } from '../process/ipc';
import { abilities } from './abilities';
import { ApiClient } from './api-client';
import { CameraTable } from './camera-table';
import { FleetClock } from './fleet-clock';
import { handOver } from './hand-over';
import { HeartbeatLoop } from './heartbeat-loop';
import type { WorkerIdentity } from './identity';
import { Lease } from './lease';
import { LoadMeter } from './load-meter';
import { createMachineClock } from './machine-clock';
import { pause } from './pause';
import { WorkerEndedError, register } from './registration';
import { WakeLink } from './wake-link';
import { version } from './worker-version';

/** On stopping, what waits in the outbox has so long to be delivered. */
const LAST_DELIVERY_MS = 2_000;
/** Children are ready by then; before that the worker registers all the same, with the models that they will have. */
const CHILDREN_READY_MS = 5_000;
/** A picture that took longer from its child lay there while this process stood still. */
const MAX_PICTURE_DELAY_MS = 1_000;

export interface FleetMemberOptions {
  config: WorkerConfig;
  identity: WorkerIdentity;
  logger: Logger;
  queue: CommandQueue | undefined;
  /** What its children will have; one that says otherwise before it registers is believed. */
  models: RegisterRequest['models'];
  outboxDirectory: string;
  clipsDirectory: string;
  pool: ChildPool;
  hub: FeedHub;
  outbox: EventOutbox;
  /** Why no objects are found here. */
  objectFault: () => string | undefined;
}

/** This worker's place in the fleet: registered, heartbeating, told what to run, and telling what it runs. */
export class FleetMember {
  readonly api: ApiClient;
  readonly cameras: CameraTable;
  readonly ended: Promise<string>;

  private readonly machine = createMachineClock();
  private readonly clock = new FleetClock(this.machine);
  private readonly lease = new Lease();
  private readonly load = new LoadMeter();
  private readonly delivery: EventDelivery;
  private readonly clips: ClipDelivery;
  private readonly commands: CommandIntake;
  private readonly stopping = new AbortController();
  private registration: RegisterAnswer | undefined;
  private heartbeats: HeartbeatLoop | undefined;
  private link: WakeLink | undefined;
  private models: RegisterRequest['models'];
  private publicUrl = '';
  private draining = false;
  private starting: Promise<void> = Promise.resolve();
  private end: (code: string) => void = () => undefined;

  constructor(private readonly options: FleetMemberOptions) {
    const { config, identity, logger, pool, hub, outbox, outboxDirectory, clipsDirectory } = options;
    const { workerId } = identity;
    this.models = options.models;
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.api = new ApiClient({ apiUrls: config.apiUrls, apiKey: config.workerApiKey });
    this.cameras = new CameraTable({
      runner: pool,
      onChange: () => this.cameraChanged(),
      onStopped: (cameraId) => hub.endCamera(cameraId),
      objectFault: options.objectFault,
    });
    const rejectedFile = new RejectedFile(outboxDirectory);
    this.delivery = new EventDelivery({ outbox, rejectedFile, api: this.api, workerId, logger });
    this.clips = new ClipDelivery({
      ...{ directory: clipsDirectory, api: this.api, workerId, logger },
      eventsToldUntilMs: () => this.eventsToldUntilMs(),
    });
    this.commands = new CommandIntake({
      api: this.api,
      workerId,
      logger,
      heartbeatNow: () => this.heartbeats?.request(),
      failureOf: (cameraId) => {
        const status = this.cameras.status(cameraId);
        return status?.state === 'failed' ? (status.reason ?? 'The camera failed.') : undefined;
      },
      now: () => this.clock.nowMs(),
    });
  }

  /** Registers in the background. `httpPort`: where this worker's own server listens. */
  start({ httpPort }: { httpPort: number }): void {
    const { config } = this.options;
    this.publicUrl = config.httpPort === 0 ? `http://127.0.0.1:${httpPort}` : config.publicUrl;
    this.starting = this.join().catch((error: unknown) => this.leave(error));
  }

  /** Takes cameras: is registered, and does not drain. */
  get isReady(): boolean {
    return this.registration !== undefined && !this.draining;
  }

  /** What the API's requests are checked with. */
  get credentials(): { secret: string; nowMs: number } | undefined {
    return this.registration && { secret: this.registration.secret, nowMs: this.clock.nowMs() };
  }

  eventWaits(): void {
    this.delivery.request();
  }

  /** What cameras ask for can be had, or no longer: the API hears of it at once. */
  analysisChanged(): void {
    this.heartbeats?.request();
  }

  fromChild(message: FromChild): void {
    if (message.type === 'ready') this.models = message.models;
    if (message.type === 'status') this.cameras.update(message.camera);
    if (message.type === 'released') this.cameras.released(message.cameraId);
    if (message.type === 'clip') this.clips.request();
  }

  /** False of pictures that this process, paused for a while, finds in the pipe: they would look live. */
  mayShow({ sentAtMs }: PictureMessage): boolean {
    const nowMs = this.machine.nowMs();
    return !this.lease.isOver(nowMs) && nowMs - sentAtMs < MAX_PICTURE_DELAY_MS;
  }

  /** What runs here. When the lease is over nothing does, whatever the children had time to tell. */
  reports(): CameraReport[] {
    return this.cameras.reports({ isLeaseOver: this.lease.isOver(this.machine.nowMs()) });
  }

  childLost(cameraIds: readonly string[], reason: ExitReason): void {
    this.cameras.lost(cameraIds, `DECODER_RESTARTED: The decoder ${reason}; it is started anew.`);
  }

  /** Has its cameras taken over by other workers, for `drainTimeoutMs` at most; heartbeats go on. */
  async drain(signal: AbortSignal): Promise<void> {
    const { config, identity, logger } = this.options;
    this.draining = true;
    using ending = new LinkedAbort([
      signal,
      this.stopping.signal,
      AbortSignal.timeout(config.drainTimeoutMs),
    ]);
    await handOver({
      api: this.api,
      workerId: identity.workerId,
      logger,
      isEmpty: () => this.cameras.isEmpty,
      signal: ending.signal,
    });
  }

  /** Takes nothing new and tells nothing more: first of all when stopping, while the children close. */
  async quieten(): Promise<void> {
    this.stopping.abort();
    await this.starting;
    await this.commands.close();
    await this.heartbeats?.stop();
  }

  /** To be called when the children are stopped. What is not delivered stays on disk. */
  async deliverLast(): Promise<void> {
    await Promise.all([this.delivery.stop(this.registration ? LAST_DELIVERY_MS : 0), this.clips.stop()]);
  }

  /**
   * To be called when `/healthz` is refused: at the link's end the API looks there, and gives the cameras to
   * others at once, or waits for the lease to end when it finds this worker alive.
   */
  async leaveFleet(): Promise<void> {
    await this.heartbeats?.sayLast({ ...this.heartbeat(), cameras: [] });
    await this.link?.[Symbol.asyncDispose]();
    await this.api.close();
  }

  private async join(): Promise<void> {
    const { identity, logger, queue } = this.options;
    await this.childrenReady();
    const registration = await this.register({ isReturn: false });
    this.heartbeats = new HeartbeatLoop({
      api: this.api,
      workerId: identity.workerId,
      machine: this.machine,
      clock: this.clock,
      lease: this.lease,
      logger,
      intervalMs: registration.heartbeatIntervalMs,
      leaseTtlMs: registration.leaseTtlMs,
      request: () => this.heartbeat(),
      knownRevision: () => this.cameras.revision,
      onAnswer: (answer) => this.apply(answer),
      onBeat: (answered) => this.delivery.heartbeatAnswered(answered),
      onRenewed: () =>
        this.options.pool.renew({
          deadlineMs: this.lease.deadlineMs,
          clockOffsetMs: this.clock.offsetMs,
        }),
      onHeld: () => this.cameras.settleHandovers(),
      onUnknown: async () => void (await this.register({ isReturn: true })),
      onEnded: (code) => this.leave(new WorkerEndedError(code, 'The fleet wants this worker no more.')),
    });
    this.heartbeats.start();
    this.link = new WakeLink({
      api: this.api,
      workerId: identity.workerId,
      logger,
      onWake: () => this.heartbeats?.request(),
    });
    if (!queue || !registration.queue) return;
    // A queue that is away is waited for by itself: heartbeats bring what it would have brought.
    this.commands
      .consume(queue, registration.queue.name)
      .catch((error: unknown) => logger.warn({ cause: String(error) }, 'queue.not-consumed'));
  }

  private async childrenReady(): Promise<void> {
    const deadline = performance.now() + CHILDREN_READY_MS;
    while (!this.options.pool.anyReady && performance.now() < deadline) await pause(20, this.stopping.signal);
  }

  private async register({ isReturn }: { isReturn: boolean }): Promise<RegisterAnswer> {
    const { identity, logger } = this.options;
    this.registration = await register({
      api: this.api,
      machine: this.machine,
      clock: this.clock,
      logger,
      signal: this.stopping.signal,
      isReturn,
      request: () => this.registerRequest(),
    });
    this.cameras.forgetRevision();
    logger.info({ workerId: identity.workerId, apiUrl: this.api.currentUrl }, 'worker.registered');
    return this.registration;
  }

  private registerRequest(): RegisterRequest {
    const { config, identity } = this.options;
    return {
      ...identity,
      name: config.name,
      tenantId: config.tenantId,
      siteId: config.siteId ?? null,
      publicUrl: this.publicUrl,
      labels: config.labels,
      ...abilities(config.decoderProcesses),
      models: this.models,
      analyses: [
        ...(this.models.length > 0 ? ['faces', 'objects'] : []),
        ...(config.jobs > 0 ? ['frames'] : []),
        ...(config.jobs > 0 && config.classifiers ? ['classification'] : []),
      ],
      version,
    };
  }

  private heartbeat(): HeartbeatRequest {
    const { depth, oldestAt, lostEvents, lostSnapshots } = this.options.outbox.status();
    return {
      instanceId: this.options.identity.instanceId,
      revision: this.cameras.revision,
      load: this.load.measure(this.options.pool.describe()),
      cameras: this.reports(),
      outbox: { depth, oldestAt, lostEvents, lostSnapshots },
    };
  }

  /** Before that nothing waits in the outbox, by the fleet's clock. */
  private eventsToldUntilMs(): number {
    const { depth, oldestAt } = this.options.outbox.status();
    if (!this.registration || (depth > 0 && !oldestAt)) return -Infinity;
    return oldestAt ? Date.parse(oldestAt) : this.clock.nowMs();
  }

  private apply(answer: HeartbeatAnswer): void {
    if (answer.assignments) this.cameras.apply(answer.revision, answer.assignments);
    for (const command of answer.commands) this.commands.take(command);
  }

  private cameraChanged(): void {
    this.heartbeats?.request();
    void this.commands.reportFailures();
  }

  /** For good: no camera runs here any more. */
  private leave(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    const { logger } = this.options;
    if (!(error instanceof WorkerEndedError)) logger.error({ err: error }, 'worker.failed');
    const code = error instanceof WorkerEndedError ? error.code : 'WORKER_FAILED';
    logger.error({ code }, 'worker.ended');
    this.cameras.apply(Infinity, []);
    this.end(code);
  }
}
