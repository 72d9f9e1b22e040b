import { CamfleetError } from '@camfleet/domain';
import {
  AssignmentsRepository,
  PlacementRepository,
  TenantsRepository,
  WorkersRepository,
  type Registration,
  type WorkerRow,
  type WorkerStanding,
} from '@camfleet/database';
import { CameraReport, type RegisterAnswer, type RegisterRequest, WorkerView } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { may, type Principal, tenantOfWorkers } from '../auth/principal';
import { CommandsService } from '../commands/commands.service';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FleetClock } from '../core/fleet-clock';
import { Gathering } from '../core/gathering';
import { SecretBox } from '../core/secret-box';
import { PlacementService } from '../placement/placement.service';
import { ReplicasService } from './replicas.service';
import { askHealth } from './worker-health';
import { WorkerLookup } from './worker-lookup';

/** Registrations written in one transaction. */
const REGISTRATIONS_AT_ONCE = 200;
/** Registrations that wait for theirs; those beyond it are told to come again. */
const MAX_WAITING = 5_000;
const RETRY_AFTER_SECONDS = 2;

/** Who is in the fleet. */
@Injectable()
export class RegistryService {
  private readonly registering = new Gathering(
    async (registrations: Registration[]) => {
      await this.workers.register(registrations, this.options.config.leaseTtlMs);
      return registrations;
    },
    { maxItems: REGISTRATIONS_AT_ONCE, keyOf: ({ workerId }) => workerId },
  );

  constructor(
    private readonly workers: WorkersRepository,
    private readonly lookup: WorkerLookup,
    private readonly replicas: ReplicasService,
    private readonly commands: CommandsService,
    private readonly tenants: TenantsRepository,
    private readonly assignments: AssignmentsRepository,
    private readonly placement: PlacementRepository,
    private readonly placing: PlacementService,
    private readonly secrets: SecretBox,
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async register(caller: Principal, request: RegisterRequest): Promise<RegisterAnswer> {
    const tenantId = tenantOfWorkers(caller) ?? request.tenantId;
    await this.tenants.ensure(tenantId);
    if (this.registering.size >= MAX_WAITING)
      throw new CamfleetError('TOO_MANY_REQUESTS', 'Many workers register now: come again.', {
        details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
      });
    const known = await this.lookup.find(request.workerId);
    if (known) await this.refuseWhileInUse(known, { ...request, tenantId });
    const secret = this.secretFor(request, known);
    await this.registering.do({ ...request, tenantId, secret: this.secrets.seal(secret) });
    const { config, logger } = this.options;
    logger.info({ workerId: request.workerId, instanceId: request.instanceId }, 'worker.registered');
    return {
      workerId: request.workerId,
      secret,
      leaseTtlMs: config.leaseTtlMs,
      heartbeatIntervalMs: config.heartbeatIntervalMs,
      serverTime: this.clock.isoNow(),
      apiUrls: [...this.replicas.urls],
      queue: this.commands.queueOf(request.workerId),
    };
  }

  async list(tenantId: string): Promise<WorkerView[]> {
    const [rows, held] = await Promise.all([
      this.workers.list(tenantId),
      this.assignments.heldByTenant(tenantId),
    ]);
    return rows.map((row) => toView(row, held));
  }

  async view(tenantId: string, id: string): Promise<WorkerView> {
    const row = await this.workers.find(tenantId, id);
    if (!row || row.state === 'removed') throw notFound();
    return toView(row, await this.assignments.heldByTenant(tenantId));
  }

  /**
   * Its cameras go to others one after the other, while it goes on serving those that have not gone yet. A person's
   * drain holds until they resume the worker; one that it asks for itself, to stop, ends with its process.
   */
  async drain(caller: Principal, id: string): Promise<void> {
    const tenantId = may(caller, 'worker') ? tenantOfWorkers(caller) : caller.tenantId;
    const row = await this.workers.findAny(id);
    if (!row || row.state === 'removed' || (tenantId !== null && row.tenantId !== tenantId)) throw notFound();
    await this.workers.drain(id, { hold: caller.role !== 'worker' });
    await this.placing.moveCameras();
  }

  async resume(tenantId: string, id: string): Promise<void> {
    await this.view(tenantId, id);
    await this.workers.resume(id);
    await this.placing.placeWaiting();
  }

  async remove(tenantId: string, id: string): Promise<void> {
    await this.view(tenantId, id);
    await this.placement.removeWorker(id);
    await this.placing.placeWaiting();
  }

  /** The tenant of a worker, or `null` when there is none of this id. */
  async ownerOf(id: string): Promise<string | null> {
    return (await this.lookup.find(id))?.tenantId ?? null;
  }

  /** One instance keeps its secret: a registration that a paused replica carries out late must not change it. */
  private secretFor({ instanceId }: RegisterRequest, known: WorkerStanding | null): string {
    return known?.instanceId === instanceId
      ? this.secrets.open(known.secret)
      : randomBytes(32).toString('base64url');
  }

  /** Two processes under one id would fight for its cameras: the second is sent away while the first lives. */
  private async refuseWhileInUse(known: WorkerStanding, request: RegisterRequest): Promise<void> {
    if (known.tenantId !== request.tenantId)
      throw new CamfleetError('FORBIDDEN', `The worker id ${request.workerId} belongs to another tenant.`);
    if (known.state === 'removed')
      throw new CamfleetError('WORKER_REMOVED', `The worker ${request.workerId} was removed.`);
    if (known.instanceId === request.instanceId) return;
    const health = await askHealth(known.publicUrl);
    if (health.kind === 'answered' && health.instanceId === known.instanceId)
      throw new CamfleetError('WORKER_ID_IN_USE', `A worker with the id ${request.workerId} runs already.`);
  }
}

function notFound(): CamfleetError {
  return new CamfleetError('WORKER_NOT_FOUND', 'There is no such worker.');
}

/** A worker row as its readers see it. */
export function toView(
  row: WorkerRow,
  held: readonly { workerId: string; cameraId: string; name: string; epoch: number; state: string }[],
): WorkerView {
  const reports = z.array(CameraReport).catch([]).parse(row.report);
  return WorkerView.parse({
    id: row.id,
    name: row.name,
    state: row.state,
    drainWanted: row.drainWanted,
    siteId: row.siteId,
    labels: row.labels,
    load: row.load,
    capacity: row.capacity,
    models: row.models,
    analyses: row.analyses,
    hardware: row.hardware,
    lastHeartbeatAt: row.lastHeartbeatAt?.toISOString() ?? null,
    version: row.version,
    cameras: held
      .filter(({ workerId }) => workerId === row.id)
      .map(({ cameraId, name, epoch, state }) => ({
        cameraId,
        name,
        epoch,
        assignment: state,
        state:
          reports.find((report) => report.cameraId === cameraId && report.epoch === epoch)?.state ??
          'starting',
      })),
  });
}
