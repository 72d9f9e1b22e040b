import { CamfleetError, type WorkerState } from '@camfleet/domain';
import { type Change, type HeldCamera, type RenewedLease, WorkersRepository } from '@camfleet/database';
import { Assignment, type HeartbeatAnswer, type HeartbeatRequest } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { SecretBox } from '../core/secret-box';
import { PlacementService } from '../placement/placement.service';
import { FleetEvents } from './fleet-events';
import { LatestReports } from './latest-reports';
import { LeaseRenewals } from './lease-renewals';
import { ReportReader } from './report-reader';

/** A worker's heartbeat: renews its lease, tells what it runs, and is told what it should run. */
@Injectable()
export class HeartbeatService {
  constructor(
    private readonly workers: WorkersRepository,
    private readonly leases: LeaseRenewals,
    private readonly latest: LatestReports,
    private readonly commands: CommandsService,
    private readonly placing: PlacementService,
    private readonly reports: ReportReader,
    private readonly fleetEvents: FleetEvents,
    private readonly secrets: SecretBox,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async beat(caller: Principal, workerId: string, beat: HeartbeatRequest): Promise<HeartbeatAnswer> {
    const { config } = this.options;
    const outcome = await this.renew(caller, workerId, beat);
    await this.apply(workerId, beat, outcome);
    const commands = outcome.openCommands ? await this.commands.reconcile(workerId, beat) : [];
    const changed = beat.revision !== outcome.revision;
    return {
      state: outcome.state as WorkerState,
      revision: outcome.revision,
      serverTime: new Date().toISOString(),
      leaseTtlMs: config.leaseTtlMs,
      apiUrls: [config.publicUrl],
      ...(changed && {
        assignments: (await this.workers.held(workerId)).map((row) => this.toAssignment(row)),
      }),
      commands,
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
      await this.workers.applyReport(workerId, { streaming, changed: changes });
    const { tenantId } = outcome;
    if (isNew && outcome.state === 'online') {
      if (outcome.previousState === 'registered') await this.fleetEvents.workerOnline(tenantId, workerId);
      await this.placing.placeWaiting();
    }
    // A handover may wait for what this heartbeat tells; what fails here is done at the next look.
    if (changedCameras.length > 0)
      this.placing
        .moveCameras()
        .catch((err: unknown) => this.options.logger.warn({ err }, 'placement.failed'));
    for (const report of cameOnline) await this.fleetEvents.cameraOnline(tenantId, workerId, report);
    for (const report of wentOffline) await this.fleetEvents.cameraOffline(tenantId, workerId, report);
    for (const report of finished) await this.reports.finish(tenantId, report);
  }

  private toAssignment(row: HeldCamera): Assignment {
    return Assignment.parse({
      cameraId: row.cameraId,
      epoch: row.epoch,
      desired: DESIRED[row.state] ?? 'running',
      source: {
        ...(row.sourceOptions as object),
        url: row.sourceSealedUrl === null ? row.sourceUrl : this.secrets.open(row.sourceSealedUrl),
        username: row.sourceUsername ?? undefined,
        password: row.sourcePassword === null ? undefined : this.secrets.open(row.sourcePassword),
      },
      analysis: row.analysis,
      zones: row.zones,
      output: row.output,
    });
  }
}

const REFUSALS = {
  WORKER_REMOVED: 'This worker was removed.',
  WORKER_REPLACED: 'Another instance registered under this id.',
  WORKER_NOT_REGISTERED: 'Register (again).',
};

/** What a worker is told to do with an assignment in each state it may hold. */
const DESIRED: Readonly<Record<string, Assignment['desired']>> = {
  assigned: 'running',
  running: 'running',
  standby: 'standby',
  releasing: 'releasing',
};
