import { CamfleetError, type WorkerState } from '@camfleet/domain';
import { type Change, type ConfirmedReport, type RenewedLease, WorkersRepository } from '@camfleet/database';
import type { HeartbeatAnswer, HeartbeatRequest } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FleetClock } from '../core/fleet-clock';
import { Gathering } from '../core/gathering';
import { PlacementService } from '../placement/placement.service';
import { AssignmentLists } from './assignment-lists';
import { FleetEvents } from './fleet-events';
import { LatestReports } from './latest-reports';
import { LeaseRenewals } from './lease-renewals';
import { ReplicasService } from './replicas.service';
import { ReportReader } from './report-reader';

/** Workers whose heartbeats are looked into with one query. */
const WORKERS_AT_ONCE = 100;
/** A worker that waits for its answer longer than this is told the rest with the next one. */
const TELLING_SHARE_OF_LEASE = 0.1;

type Told = Pick<HeartbeatAnswer, 'revision' | 'assignments' | 'commands'>;

/** A worker's heartbeat: renews its lease, tells what it runs, and is told what it should run. */
@Injectable()
export class HeartbeatService {
  private readonly confirming = new Gathering(
    async (reports: ConfirmedReport[]) => {
      await this.workers.applyReports(reports);
      return reports;
    },
    { maxItems: WORKERS_AT_ONCE },
  );

  constructor(
    private readonly workers: WorkersRepository,
    private readonly leases: LeaseRenewals,
    private readonly lists: AssignmentLists,
    private readonly latest: LatestReports,
    private readonly replicas: ReplicasService,
    private readonly commands: CommandsService,
    private readonly placing: PlacementService,
    private readonly reports: ReportReader,
    private readonly fleetEvents: FleetEvents,
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async beat(caller: Principal, workerId: string, beat: HeartbeatRequest): Promise<HeartbeatAnswer> {
    const { config } = this.options;
    const outcome = await this.renew(caller, workerId, beat);
    return {
      state: outcome.state as WorkerState,
      serverTime: this.clock.isoNow(),
      leaseTtlMs: config.leaseTtlMs,
      apiUrls: [...this.replicas.urls],
      ...(await this.tell(workerId, beat, outcome)),
    };
  }

  /**
   * Carries out what the heartbeat reports; answers what the worker does not know yet. The lease is renewed: that
   * is said in time, and what is not ready then with the next heartbeat.
   */
  private async tell(workerId: string, beat: HeartbeatRequest, outcome: RenewedLease): Promise<Told> {
    const timeoutMs = this.options.config.leaseTtlMs * TELLING_SHARE_OF_LEASE;
    const { openCommands } = outcome;
    // An answer with an older revision is ignored, and a lease renewed here alone would keep its cameras from everybody.
    const revision =
      beat.revision > outcome.revision
        ? await this.workers.overtakeRevision(workerId, beat.revision)
        : outcome.revision;
    const knowsList = beat.revision === revision;
    if (knowsList) this.lists.forget(workerId);
    const [assignments, commands] = await Promise.all([
      knowsList ? null : soon(this.lists.of(workerId, revision), timeoutMs),
      openCommands ? soon(this.commands.reconcile(workerId, beat), timeoutMs) : [],
      soon(this.apply(workerId, beat, outcome), timeoutMs),
    ]);
    return {
      revision: knowsList || assignments ? revision : beat.revision,
      ...(assignments && { assignments }),
      commands: commands ?? [],
    };
  }

  /** Renews the lease; stores the report when readers would miss it, or when it has not been stored for long. */
  private async renew(caller: Principal, workerId: string, beat: HeartbeatRequest): Promise<RenewedLease> {
    const { digest, isDue, stored } = this.latest.hear(workerId, beat);
    const { instanceId, load, outbox, cameras } = beat;
    const renewal = { workerId, instanceId, tenantId: tenantOfWorkers(caller), digest };
    const figures = { load, outbox, cameras };
    const first = await this.leases.renew({ ...renewal, figures: isDue ? figures : null });
    // It beat at another replica meanwhile, which stored something else.
    const isOutdated = !isDue && first.kind === 'renewed' && first.previousReport !== null;
    const outcome = isOutdated ? await this.leases.renew({ ...renewal, figures }) : first;
    if (outcome.kind === 'refused') {
      this.latest.forget(workerId);
      throw new CamfleetError(outcome.code, REFUSALS[outcome.code]);
    }
    if (isDue || isOutdated) stored();
    return first.kind === 'renewed' ? { ...outcome, previousState: first.previousState } : outcome;
  }

  /** What changed since the last heartbeat: costs nothing when nothing did. */
  private async apply(workerId: string, beat: HeartbeatRequest, outcome: RenewedLease): Promise<void> {
    const { changedCameras, cameOnline, wentOffline, streaming, finished } = this.reports.compare(
      outcome.previousReport ?? beat.cameras,
      beat.cameras,
    );
    const isNew = outcome.previousState !== outcome.state;
    const changes: Change[] = [
      ...changedCameras.map((id): Change => ({ kind: 'camera', id })),
      ...(isNew ? [{ kind: 'worker', id: workerId } as const] : []),
    ];
    if (changes.length > 0 || (outcome.unconfirmed && streaming.length > 0))
      await this.confirming.do({ workerId, streaming, changed: changes });
    const { tenantId, name, state, previousState } = outcome;
    if (previousState === 'registered') await this.fleetEvents.workerOnline({ id: workerId, tenantId, name });
    if (isNew && state === 'online') this.inBackground(this.placing.placeWaiting());
    if (isNew && state === 'draining') this.inBackground(this.placing.moveCameras());
    // A handover may wait for what this heartbeat tells.
    if (changedCameras.length > 0) this.inBackground(this.placing.moveCameras());
    await Promise.all([
      this.fleetEvents.camerasOnline(workerId, cameOnline),
      this.fleetEvents.camerasOffline(workerId, wentOffline),
    ]);
    for (const report of finished) await this.reports.finish({ tenantId, workerId }, report);
  }

  /** No heartbeat waits for it, and what fails is done at the next look. */
  private inBackground(placing: Promise<void>): void {
    placing.catch((err: unknown) => this.options.logger.warn({ err }, 'placement.failed'));
  }
}

/** The answer, or `null` when it is late; what was begun goes on. */
async function soon<Result>(answer: Promise<Result>, timeoutMs: number): Promise<Result | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), timeoutMs)));
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

const REFUSALS = {
  WORKER_REMOVED: 'This worker was removed.',
  WORKER_REPLACED: 'Another instance registered under this id.',
  WORKER_NOT_REGISTERED: 'Register (again).',
};
