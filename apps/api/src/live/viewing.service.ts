import { CamfleetError, snapWidth } from '@camfleet/domain';
import { Injectable } from '@nestjs/common';
import { AssignmentsRepository, CamerasRepository } from '@camfleet/database';
import { FleetClock } from '../core/fleet-clock';
import { WorkerClient } from '../workers/worker-client';
import type { FeedViewer } from './feed-channel';
import { FeedHub } from './feed-hub';
import { FeedTargets } from './feed-target';
import { LastPictures, type TimedPicture } from './last-pictures';

const SNAPSHOT_TIMEOUT_MS = 3_000;

/** What viewers of live video ask for. */
@Injectable()
export class ViewingService {
  constructor(
    private readonly cameras: CamerasRepository,
    private readonly assignments: AssignmentsRepository,
    private readonly targets: FeedTargets,
    private readonly hub: FeedHub,
    private readonly worker: WorkerClient,
    private readonly lastPictures: LastPictures,
    private readonly clock: FleetClock,
  ) {}

  /** Throws `CAMERA_NOT_FOUND` and `STREAM_STOPPED` before `open` makes the viewer. Answers what ends the viewing. */
  async watch(
    tenantId: string,
    request: { cameraId: string; width?: number; overlay: boolean },
    open: () => FeedViewer,
  ): Promise<() => void> {
    await this.existing(tenantId, request.cameraId);
    const target = await this.targets.of(request.cameraId);
    if (target.kind === 'stopped' || target.kind === 'deleted')
      throw new CamfleetError('STREAM_STOPPED', 'This stream is stopped: start it first.');
    const report = (await this.assignments.serving([request.cameraId])).get(request.cameraId)?.report;
    const variant = { width: snapWidth(request.width, report?.width ?? undefined), overlay: request.overlay };
    return this.hub.watch(request.cameraId, variant, open());
  }

  /** The newest picture, or the last known good one. Throws `SNAPSHOT_NOT_FOUND` when there never was any. */
  async snapshot(tenantId: string, cameraId: string): Promise<TimedPicture> {
    await this.existing(tenantId, cameraId);
    const picture = (await this.fromWorker(cameraId)) ?? (await this.lastPictures.find(cameraId));
    if (!picture) throw new CamfleetError('SNAPSHOT_NOT_FOUND', 'This camera has shown no picture yet.');
    return picture;
  }

  /** Asks whoever runs the camera, and keeps what comes. `null` when nobody runs it or nothing comes. */
  async fromWorker(cameraId: string): Promise<TimedPicture | null> {
    const target = await this.targets.of(cameraId);
    if (target.kind !== 'worker') return null;
    const picture = await this.fetchSnapshot(target.source, cameraId).catch(() => null);
    if (picture) this.lastPictures.keep(cameraId, picture);
    return picture;
  }

  private async fetchSnapshot(
    address: { publicUrl: string; secret: string },
    cameraId: string,
  ): Promise<TimedPicture | null> {
    const response = await this.worker.open(
      address,
      `/cameras/${encodeURIComponent(cameraId)}/snapshot.jpg`,
      {
        signal: AbortSignal.timeout(SNAPSHOT_TIMEOUT_MS),
        bodyTimeoutMs: SNAPSHOT_TIMEOUT_MS,
      },
    );
    const jpeg = Buffer.from(await response.body.arrayBuffer());
    if (response.statusCode !== 200) return null;
    return { jpeg, timestampMs: Number(response.headers['x-timestamp'] ?? this.clock.nowMs()) };
  }

  private async existing(tenantId: string, cameraId: string): Promise<void> {
    if (!(await this.cameras.find(tenantId, cameraId)))
      throw new CamfleetError('CAMERA_NOT_FOUND', 'There is no such camera.');
  }
}
