import {
  type LostWorker,
  PlacementRepository,
  type WorkerStanding,
  WorkersRepository,
} from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { Gathering } from '../core/gathering';
import { PlacementService } from '../placement/placement.service';
import { FleetEvents } from './fleet-events';
import { askHealth } from './worker-health';

const TICK_MS = 250;
/** Whoever makes a camera wait has it placed at once: this finds what a replica that died had begun. */
const PLACE_EVERY_MS = 1_000;
/** Heartbeats that may be missing before a worker is `suspect`. */
const MISSED_HEARTBEATS = 2.5;

/** Workers that are lost in one transaction: a switch may fail. */
const LOST_AT_ONCE = 500;

/** Notices workers that are gone, and has their cameras placed elsewhere. */
@Injectable()
export class LivenessService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;
  /** While this is ahead, no lease expires: this replica has not seen long enough who renews. */
  private blindUntilMs = 0;
  private lastTick = instant();
  private lastPlacedMs = -Infinity;

  private readonly losing = new Gathering(
    async (gone: WorkerStanding[]) => {
      const lost = new Map((await this.placement.loseWorkers(gone)).map((worker) => [worker.id, worker]));
      return gone.map(({ id }) => lost.get(id));
    },
    { maxItems: LOST_AT_ONCE, keyOf: ({ id }) => id },
  );

  constructor(
    private readonly workers: WorkersRepository,
    private readonly placement: PlacementRepository,
    private readonly placing: PlacementService,
    private readonly fleetEvents: FleetEvents,
    private readonly commands: CommandsService,
    private readonly metrics: ApiMetrics,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.blindUntilMs = performance.now() + this.options.config.leaseTtlMs;
    this.lastTick = instant();
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /**
   * A worker's link broke: when its process is gone it is lost at once, not a lease later. One that was drained
   * before it ended has nothing to lose, and goes without a word.
   * `worker`: as it stood when the link opened.
   */
  async linkClosed(worker: WorkerStanding): Promise<void> {
    const health = await askHealth(worker.publicUrl);
    const gone =
      health.kind === 'refused' || (health.kind === 'answered' && health.instanceId !== worker.instanceId);
    const lost = gone && (await this.losing.do(worker));
    if (!lost) return;
    await Promise.all([this.placing.placeWaiting(), this.reportLost(lost, 'its process is gone')]);
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.running = this.tick()
        .catch((err: unknown) => this.options.logger.warn({ err }, 'liveness.failed'))
        .finally(() => this.stopping || this.schedule());
    }, TICK_MS);
  }

  private async tick(): Promise<void> {
    const { leaseTtlMs, heartbeatIntervalMs } = this.options.config;
    await this.workers.suspectSilent(heartbeatIntervalMs * MISSED_HEARTBEATS);
    const now = instant();
    // Looked at after the first answer of the database: a gap may lie in waiting for it.
    if (gapMs(this.lastTick, now) > TICK_MS + leaseTtlMs / 2)
      this.blindUntilMs = now.monotonicMs + leaseTtlMs;
    this.lastTick = now;
    if (now.monotonicMs >= this.blindUntilMs) {
      const lost = await this.placement.expireLeases();
      if (lost.length > 0) this.lastPlacedMs = -Infinity;
      await Promise.all(lost.map((worker) => this.reportLost(worker, 'its lease ended')));
    }
    await this.placing.moveCameras();
    if (now.monotonicMs - this.lastPlacedMs < PLACE_EVERY_MS) return;
    this.lastPlacedMs = now.monotonicMs;
    await this.placing.placeWaiting();
    await this.placing.balance();
    await this.commands.expire();
  }

  private async reportLost(worker: LostWorker, reason: string): Promise<void> {
    this.metrics.workersLost.inc();
    this.options.logger.warn({ workerId: worker.id, reason }, 'worker.lost');
    await this.fleetEvents.workerLost(worker, reason);
  }
}

interface Instant {
  monotonicMs: number;
  wallMs: number;
}

function instant(): Instant {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

/** The longer of two clocks' words: monotonic time stands still while the machine sleeps, the database's does not. */
function gapMs(before: Instant, now: Instant): number {
  return Math.max(now.monotonicMs - before.monotonicMs, now.wallMs - before.wallMs);
}
