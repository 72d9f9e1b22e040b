import { AssignmentsRepository, type EpochRecord, EventsRepository, type NewEvent } from '@camfleet/database';
import type { CameraReport } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FleetClock } from '../core/fleet-clock';
import { Gathering } from '../core/gathering';

interface NamedWorker {
  id: string;
  tenantId: string;
  name: string;
}

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
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** A camera that is handed over was online before: a standby's first frame is no news. */
  async camerasOnline(workerId: string, reports: readonly CameraReport[]): Promise<void> {
    const given = (await this.given(workerId, reports)).filter(({ record }) => record.state !== 'standby');
    await Promise.all(given.map(({ record }) => this.append({ ...ofCamera(record), type: 'camera.online' })));
  }

  async camerasOffline(workerId: string, reports: readonly CameraReport[]): Promise<void> {
    const given = await this.given(workerId, reports);
    await Promise.all(
      given.map(({ record, report }) =>
        this.append({ ...ofCamera(record), type: 'camera.offline', data: { reason: report.reason } }),
      ),
    );
  }

  workerOnline(worker: NamedWorker): Promise<void> {
    return this.append({ ...ofWorker(worker), type: 'worker.online' });
  }

  workerLost(worker: NamedWorker, reason: string): Promise<void> {
    return this.append({ ...ofWorker(worker, { reason }), type: 'worker.lost' });
  }

  /** What a worker says of a camera that it was never given is no fact. */
  private async given(
    workerId: string,
    reports: readonly CameraReport[],
  ): Promise<{ record: EpochRecord; report: CameraReport }[]> {
    if (reports.length === 0) return [];
    const records = await this.assignments.epochs(reports);
    const own = new Map(
      records.flatMap((record) => (record.workerId === workerId ? [[keyOf(record), record] as const] : [])),
    );
    return reports.flatMap((report) => {
      const record = own.get(keyOf(report));
      return record ? [{ record, report }] : [];
    });
  }

  private async append(event: Omit<NewEvent, 'id' | 'occurredAt'>): Promise<void> {
    const { type, workerId, cameraId, data } = event;
    this.options.logger.info({ workerId, cameraId, ...(data ?? {}) }, type);
    await this.appending.do({ id: randomUUID(), occurredAt: this.clock.isoNow(), ...event });
  }
}

/** As it was called then: it may have another name, or be removed, when this is read. */
function ofWorker({ id, tenantId, name }: NamedWorker, data: object = {}) {
  return { tenantId, workerId: id, data: { workerName: name, ...data } };
}

function ofCamera({ cameraId, epoch, tenantId, workerId }: EpochRecord) {
  return { cameraId, epoch, tenantId, workerId };
}

function keyOf({ cameraId, epoch }: { cameraId: string; epoch: number }): string {
  return `${cameraId}/${epoch}`;
}
