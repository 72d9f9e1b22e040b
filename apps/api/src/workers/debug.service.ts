import { AssignmentsRepository, type WorkerRow, WorkersRepository } from '@camfleet/database';
import { CameraReport, StreamingDebug } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { FleetClock } from '../core/fleet-clock';
import { LatestReports } from './latest-reports';

/** Every worker with its cameras: what is wanted, what is reported, how far behind. */
@Injectable()
export class DebugService {
  constructor(
    private readonly workers: WorkersRepository,
    private readonly assignments: AssignmentsRepository,
    private readonly latest: LatestReports,
    private readonly clock: FleetClock,
  ) {}

  async streaming(tenantId: string): Promise<StreamingDebug> {
    const [workers, held, waiting] = await Promise.all([
      this.workers.list(tenantId),
      this.assignments.heldByTenant(tenantId),
      this.assignments.waitingOfTenant(tenantId),
    ]);
    const nowMs = this.clock.nowMs();
    return StreamingDebug.parse({
      workers: workers.map((worker) => ({
        id: worker.id,
        state: worker.state,
        revision: worker.revision,
        lastHeartbeatAt: worker.lastHeartbeatAt?.toISOString() ?? null,
        leaseRemainingMs: worker.leaseUntil ? worker.leaseUntil.getTime() - nowMs : null,
        outbox: worker.outbox,
        wanted: held.filter(({ workerId }) => workerId === worker.id),
        reported: this.reportsOf(worker).map((report) => ({
          ...report,
          lagMs: report.lastFrameAt ? nowMs - Date.parse(report.lastFrameAt) : null,
        })),
      })),
      waiting,
    });
  }
  private reportsOf({ id, report }: WorkerRow): readonly CameraReport[] {
    return this.latest.ofWorker(id) ?? z.array(CameraReport).catch([]).parse(report);
  }
}
