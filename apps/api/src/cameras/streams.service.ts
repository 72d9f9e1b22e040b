import { AssignmentsRepository, type CameraRow, PlacementRepository } from '@camfleet/database';
import type { StreamCommandAnswer, StreamStatus } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { ViewerCounts } from '../live/viewer-counts';
import { PlacementService } from '../placement/placement.service';
import { toStatus } from './camera-view';
import { CamerasService } from './cameras.service';

/** Starting and stopping. */
@Injectable()
export class StreamsService {
  constructor(
    private readonly cameras: CamerasService,
    private readonly assignments: AssignmentsRepository,
    private readonly placement: PlacementRepository,
    private readonly placing: PlacementService,
    private readonly commands: CommandsService,
    private readonly viewers: ViewerCounts,
  ) {}

  async start(tenantId: string, cameraId: string): Promise<StreamCommandAnswer> {
    await this.cameras.existing(tenantId, cameraId);
    const { changed } = await this.placement.setDesired({ tenantId, cameraId, desired: 'running' });
    if (changed) await this.placing.placeWaiting();
    const { state, workerId, epoch, reason } = await this.status(tenantId, cameraId);
    const commandId =
      changed && workerId ? await this.commands.idOf({ type: 'ASSIGN_CAMERA', cameraId, epoch }) : null;
    return { commandId, state, workerId, epoch, ...(reason !== undefined && { reason }) };
  }

  async stop(tenantId: string, cameraId: string): Promise<StreamCommandAnswer> {
    const before = await this.cameras.existing(tenantId, cameraId);
    const { commands } = await this.placement.setDesired({ tenantId, cameraId, desired: 'stopped' });
    await this.commands.publish(commands);
    const [command] = commands;
    return {
      commandId: command?.id ?? null,
      state: 'stopped',
      workerId: command?.workerId ?? null,
      epoch: before.epoch,
    };
  }

  async status(tenantId: string, cameraId: string): Promise<StreamStatus> {
    return this.statusOf(await this.cameras.existing(tenantId, cameraId));
  }

  private async statusOf(row: CameraRow): Promise<StreamStatus> {
    const assignment = (await this.assignments.serving([row.id])).get(row.id);
    const viewers = (await this.viewers.of([row.id])).get(row.id) ?? 0;
    return toStatus(row, { assignment, viewers });
  }
}
