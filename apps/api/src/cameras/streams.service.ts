import { PlacementRepository } from '@camfleet/database';
import type { StreamCommandAnswer, StreamStatus } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { CommandsService } from '../commands/commands.service';
import { PlacementService } from '../placement/placement.service';
import { CamerasService } from './cameras.service';
import { StreamStatuses } from './stream-statuses';

/** Starting and stopping. */
@Injectable()
export class StreamsService {
  constructor(
    private readonly cameras: CamerasService,
    private readonly placement: PlacementRepository,
    private readonly placing: PlacementService,
    private readonly commands: CommandsService,
    private readonly statuses: StreamStatuses,
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
    return this.statuses.ofOne(await this.cameras.existing(tenantId, cameraId));
  }
}
