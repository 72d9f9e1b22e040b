import { AssignmentsRepository, EventsRepository, type NewEvent } from '@camfleet/database';
import type { CameraReport } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { Gathering } from '../core/gathering';

/** Stored in one call: a herd of cameras comes and goes together. */
const EVENTS_AT_ONCE = 500;

/** The events that the API itself reports: cameras and workers that come and go. */
@Injectable()
export class FleetEvents {
  private readonly appending = new Gathering(
    async (events: NewEvent[]) => {
      await this.events.append(events);
      return events;
    },
    { maxItems: EVENTS_AT_ONCE },
  );

  constructor(
    private readonly events: EventsRepository,
    private readonly assignments: AssignmentsRepository,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** A camera that is handed over was online before: a standby's first frame is no news. */
  async cameraOnline(tenantId: string, workerId: string, report: CameraReport): Promise<void> {
    const state = await this.assignments.stateOf(report.cameraId, report.epoch);
    if (state !== 'standby')
      await this.append({ ...ofCamera(report), type: 'camera.online', tenantId, workerId });
  }

  cameraOffline(tenantId: string, workerId: string, report: CameraReport): Promise<void> {
    return this.append({
      ...ofCamera(report),
      type: 'camera.offline',
      tenantId,
      workerId,
      data: { reason: report.reason },
    });
  }

  workerOnline(tenantId: string, workerId: string): Promise<void> {
    return this.append({ type: 'worker.online', tenantId, workerId });
  }

  workerLost(worker: { tenantId: string; id: string }, reason: string): Promise<void> {
    return this.append({
      type: 'worker.lost',
      tenantId: worker.tenantId,
      workerId: worker.id,
      data: { reason },
    });
  }

  private async append(event: Omit<NewEvent, 'id' | 'occurredAt'>): Promise<void> {
    const { type, workerId, cameraId, data } = event;
    this.options.logger.info({ workerId, cameraId, ...(data ?? {}) }, type);
    await this.appending.do({ id: randomUUID(), occurredAt: new Date().toISOString(), ...event });
  }
}

function ofCamera({ cameraId, epoch }: CameraReport): { cameraId: string; epoch: number } {
  return { cameraId, epoch };
}
