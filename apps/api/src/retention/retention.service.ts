import {
  type Expiry,
  type KeptDays,
  RecordedRetentionRepository,
  RetentionRepository,
  TenantsRepository,
} from '@camfleet/database';
import { RETENTION_KINDS, type RetentionKind, type RetentionReport } from '@camfleet/protocol';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AssetSweeper } from '../assets/asset-sweeper';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';

const INTERVAL_MS = 3_600_000;
/** Rows of one transaction: short enough to hold up nobody. */
const BATCH = 500;

/** Where nobody has said anything: uploads are the user's, the rest grows by itself. */
const DEFAULT_DAYS: KeptDays = { uploads: null, frames: 30, snapshots: 30, events: 365 };

/** Deletes what is older than its tenant's rules allow, each hour, on any replica: batches of others do no harm. */
@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<unknown> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly retention: RetentionRepository,
    private readonly recorded: RecordedRetentionRepository,
    private readonly tenants: TenantsRepository,
    private readonly sweeper: AssetSweeper,
    @Inject(API_OPTIONS) private readonly options: Pick<ApiOptions, 'logger'>,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.runAll(), INTERVAL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  async rules(tenantId: string): Promise<KeptDays> {
    return (await this.retention.rules(tenantId)) ?? DEFAULT_DAYS;
  }

  async change(tenantId: string, change: Partial<KeptDays>): Promise<KeptDays> {
    const rules = { ...(await this.rules(tenantId)), ...change };
    await this.retention.setRules(tenantId, rules);
    return rules;
  }

  /**
   * Now, for one tenant. A run that is broken off has done a part, and the next one does the rest. What cannot be deleted
   * is logged, and keeps nothing else.
   */
  async run(tenantId: string, { dryRun }: { dryRun: boolean }): Promise<RetentionReport> {
    const rules = await this.rules(tenantId);
    const report: RetentionReport = { dryRun, uploads: 0, frames: 0, snapshots: 0, events: 0 };
    for (const kind of RETENTION_KINDS) {
      const days = rules[kind];
      if (days === null) continue;
      const expiry = { tenantId, days };
      report[kind] = dryRun ? await this.count(kind, expiry) : await this.delete(kind, expiry);
    }
    if (!dryRun) this.sweeper.wake();
    return report;
  }

  private async runAll(): Promise<void> {
    const work = async () => {
      for (const tenantId of await this.tenants.ids()) {
        if (this.isStopped) return;
        // What fails for one tenant keeps no other one's things for longer.
        await this.runOne(tenantId).catch((err: unknown) => this.failed(err, tenantId));
      }
    };
    this.running = work().catch((err: unknown) => this.failed(err));
    await this.running;
  }

  private async runOne(tenantId: string): Promise<void> {
    const report = await this.run(tenantId, { dryRun: false });
    if (RETENTION_KINDS.some((kind) => report[kind] > 0))
      this.options.logger.info({ tenantId, ...report }, 'retention.done');
  }

  private failed(err: unknown, tenantId?: string): void {
    if (!this.isStopped) this.options.logger.warn({ err, tenantId }, 'retention.failed');
  }

  private async count(kind: RetentionKind, expiry: Expiry): Promise<number> {
    const { retention, recorded } = this;
    switch (kind) {
      case 'uploads':
        return recorded.countUploads(expiry);
      case 'frames':
        return recorded.countFrames(expiry);
      case 'snapshots':
        return (
          (await recorded.countClips(expiry)) +
          (await recorded.countSnapshots(expiry)) +
          (await retention.countPictures(expiry))
        );
      case 'events':
        return retention.countEvents(expiry);
    }
  }

  private async delete(kind: RetentionKind, expiry: Expiry): Promise<number> {
    const { retention, recorded } = this;
    const { tenantId } = expiry;
    switch (kind) {
      case 'uploads':
        return this.inBatches(tenantId, () => recorded.deleteUploads(expiry, BATCH));
      case 'frames':
        return this.inBatches(tenantId, () => recorded.deleteFrames(expiry, BATCH));
      case 'snapshots':
        return (
          (await this.inBatches(tenantId, () => recorded.deleteClips(expiry, BATCH))) +
          (await this.inBatches(tenantId, () => recorded.deleteSnapshots(expiry, BATCH))) +
          (await this.inBatches(tenantId, () => recorded.dropFaces(expiry, BATCH))) +
          (await this.inBatches(tenantId, () => retention.dropPictures(expiry, BATCH)))
        );
      case 'events': {
        const events = await this.inBatches(tenantId, () => retention.deleteEvents(expiry, BATCH));
        await this.inBatches(tenantId, () => retention.deleteVisits(expiry, BATCH));
        await this.inBatches(tenantId, () => recorded.deleteOrphanedClips(expiry, BATCH));
        return events;
      }
    }
  }

  private async inBatches(tenantId: string, batch: () => Promise<number>): Promise<number> {
    let total = 0;
    try {
      for (let done = Infinity; done > 0 && !this.isStopped; total += done) done = await batch();
    } catch (error) {
      this.failed(error, tenantId);
    }
    return total;
  }
}
