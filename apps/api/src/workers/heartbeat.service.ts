import { CamfleetError, type WorkerState } from '@camfleet/domain';
import { type Change, type HeldCamera, type HeartbeatOutcome, WorkersRepository } from '@camfleet/database';
import { Assignment, type HeartbeatAnswer, type HeartbeatRequest } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { type Principal, tenantOfWorkers } from '../auth/principal';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { SecretBox } from '../core/secret-box';
import { PlacementService } from '../placement/placement.service';
import { FleetEvents } from './fleet-events';
import { ReportReader } from './report-reader';

/** A worker's heartbeat: renews its lease, tells what it runs, and is told what it should run. */
@Injectable()
export class HeartbeatService {
  constructor(
    private readonly workers: WorkersRepository,
    private readonly commands: CommandsService,
    private readonly placing: PlacementService,
    private readonly reports: ReportReader,
    private readonly fleetEvents: FleetEvents,
    private readonly secrets: SecretBox,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async beat(caller: Principal, workerId: string, beat: HeartbeatRequest): Promise<HeartbeatAnswer> {
    const { config } = this.options;
    const outcome = await inTime(
      this.workers.heartbeat(workerId, beat, {
        leaseTtlMs: config.leaseTtlMs,
        tenantId: tenantOfWorkers(caller),
      }),
      config.leaseTtlMs * DATABASE_SHARE_OF_LEASE,
    );
    if (!outcome) throw await this.refusal(workerId, beat.instanceId);
    await this.apply(workerId, beat, outcome);
    const commands = outcome.openCommands > 0 ? await this.commands.reconcile(workerId, beat) : [];
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

  /** What changed since the last heartbeat: costs nothing when nothing did. */
  private async apply(workerId: string, beat: HeartbeatRequest, outcome: HeartbeatOutcome): Promise<void> {
    const { changedCameras, cameOnline, wentOffline, streaming, finished } = this.reports.compare(
      outcome.previousReport,
      beat.cameras,
    );
    const isNew = outcome.previousState !== outcome.state;
    const changes: Change[] = [
      ...changedCameras.map((id): Change => ({ kind: 'camera', id })),
      ...(isNew ? [{ kind: 'worker', id: workerId } as const] : []),
    ];
    if (changes.length > 0 || (outcome.unconfirmed > 0 && streaming.length > 0))
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

  private async refusal(workerId: string, instanceId: string): Promise<CamfleetError> {
    const row = await this.workers.findAny(workerId);
    if (row?.state === 'removed') return new CamfleetError('WORKER_REMOVED', 'This worker was removed.');
    if (row && row.instanceId !== instanceId)
      return new CamfleetError('WORKER_REPLACED', 'Another instance registered under this id.');
    return new CamfleetError('WORKER_NOT_REGISTERED', 'Register (again).');
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

/** A worker that hears in time that the database is away keeps its cameras; one that hears nothing stops them. */
const DATABASE_SHARE_OF_LEASE = 0.2;

/** Throws `DATABASE_UNAVAILABLE` when the database takes longer; it may still do what it was asked. */
async function inTime<Result>(answer: Promise<Result>, timeoutMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new CamfleetError('DATABASE_UNAVAILABLE', 'The database does not answer in time.')),
      timeoutMs,
    );
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** What a worker is told to do with an assignment in each state it may hold. */
const DESIRED: Readonly<Record<string, Assignment['desired']>> = {
  assigned: 'running',
  running: 'running',
  standby: 'standby',
  releasing: 'releasing',
};
