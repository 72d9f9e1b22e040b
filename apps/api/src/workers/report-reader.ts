import type { CameraReport } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { PlacementRepository } from '@camfleet/database';
import { CommandsService } from '../commands/commands.service';
import { summaryOf } from './report-summary';

export interface ReportChanges {
  /** Cameras of which a reader would now see something else than before (figures that move all the time left out). */
  changedCameras: string[];
  cameOnline: CameraReport[];
  wentOffline: CameraReport[];
  streaming: CameraReport[];
  /** Streams that ended by themselves. */
  finished: CameraReport[];
}

/** Reads what a heartbeat says of its cameras against what the one before said. */
@Injectable()
export class ReportReader {
  constructor(
    private readonly placement: PlacementRepository,
    private readonly commands: CommandsService,
  ) {}

  compare(before: readonly CameraReport[], now: readonly CameraReport[]): ReportChanges {
    const previous = new Map(before.map((report) => [`${report.cameraId}/${report.epoch}`, report]));
    const changes: ReportChanges = {
      changedCameras: [],
      cameOnline: [],
      wentOffline: [],
      streaming: [],
      finished: [],
    };
    for (const report of now) {
      const old = previous.get(`${report.cameraId}/${report.epoch}`);
      previous.delete(`${report.cameraId}/${report.epoch}`);
      // By state and not by change: what a heartbeat before this one began may have failed half-way.
      if (report.state === 'streaming') changes.streaming.push(report);
      if (report.state === 'stopped' && report.reason) changes.finished.push(report);
      if (old && summaryOf(old) === summaryOf(report)) continue;
      changes.changedCameras.push(report.cameraId);
      if (report.state === 'streaming' && old?.state !== 'streaming') changes.cameOnline.push(report);
      if (old?.state === 'streaming' && (report.state === 'reconnecting' || report.state === 'failed'))
        changes.wentOffline.push(report);
    }
    for (const gone of previous.values()) changes.changedCameras.push(gone.cameraId);
    return changes;
  }

  /** A stream that reached its end is wanted no more; the code of its reason (`MAX_FRAMES`, `SOURCE_ENDED`) stays. */
  async finish(
    { tenantId, workerId }: { tenantId: string; workerId: string },
    { cameraId, epoch, reason }: CameraReport,
  ): Promise<void> {
    const { commands } = await this.placement.setDesired({
      tenantId,
      cameraId,
      desired: 'stopped',
      reason: reason?.split(':')[0],
      holder: { workerId, epoch },
    });
    await this.commands.publish(commands);
  }
}
