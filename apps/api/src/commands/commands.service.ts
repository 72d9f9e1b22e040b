import { CamfleetError, type CommandType } from '@camfleet/domain';
import { CommandsRepository, type CommandRow, type IssuedCommand } from '@camfleet/database';
import { type CameraReport, CommandMessage, CommandView } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';

export function commandQueueName(workerId: string): string {
  return `camfleet-commands-${workerId.replaceAll(':', '-')}`;
}

/** Commands are rows first; a message only makes the worker heartbeat at once. */
@Injectable()
export class CommandsService {
  constructor(
    private readonly commands: CommandsRepository,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  async view(tenantId: string, id: string): Promise<CommandView> {
    const row = await this.commands.find(tenantId, id);
    if (!row) throw new CamfleetError('COMMAND_NOT_FOUND', 'There is no such command.');
    return toView(row);
  }

  /** The newest command of this kind, or `null` when none was written. */
  async idOf(command: { type: CommandType; cameraId: string; epoch: number }): Promise<string | null> {
    return (await this.commands.findNewest(command))?.id ?? null;
  }

  /** Never rejects: a queue that is away costs time alone, since heartbeats bring what commands order. */
  async publish(issued: readonly IssuedCommand[]): Promise<void> {
    const sent = issued.map(async (command) => {
      await this.options.queue.publish(commandQueueName(command.workerId), toMessage(command));
    });
    const results = await Promise.allSettled(sent);
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed[0])
      this.options.logger.warn({ count: failed.length, err: failed[0].reason }, 'commands.not_published');
  }

  /** What a worker says of its command. `tenantId` `null`: of any tenant. */
  async finish(result: {
    id: string;
    workerId: string;
    tenantId: string | null;
    state: 'succeeded' | 'failed';
    error?: string;
  }): Promise<void> {
    if (!(await this.commands.finish(result)))
      throw new CamfleetError('COMMAND_NOT_FOUND', 'This worker was given no such command.');
  }

  /** Closes what nobody carried out in time. */
  expire(): Promise<void> {
    return this.commands.expire();
  }

  /** Closes the commands whose effect a heartbeat reports; answers the others, to be delivered with it. */
  async reconcile(
    workerId: string,
    beat: { revision: number; cameras: readonly CameraReport[] },
  ): Promise<CommandMessage[]> {
    const open = await this.commands.open(workerId);
    const done = open.filter((command) => hasEffect(command, beat));
    const waiting = open.filter((command) => !done.includes(command));
    if (done.length > 0) await this.commands.markSucceeded(done.map(({ id }) => id));
    if (waiting.length > 0) await this.commands.markDelivered(waiting.map(({ id }) => id));
    return waiting.map((command) =>
      toMessage({ ...command, cameraId: command.cameraId ?? undefined, epoch: command.epoch ?? undefined }),
    );
  }
}

/** What a heartbeat must show for a command to have succeeded. */
function hasEffect(
  command: CommandRow,
  beat: { revision: number; cameras: readonly CameraReport[] },
): boolean {
  const runs = beat.cameras.some(
    ({ cameraId, epoch }) => cameraId === command.cameraId && epoch === command.epoch,
  );
  switch (command.type) {
    case 'ASSIGN_CAMERA':
      return runs;
    case 'UNASSIGN_CAMERA':
      return !runs && beat.revision >= command.revision;
    default:
      return beat.revision >= command.revision;
  }
}

function toMessage(command: {
  id: string;
  type: string;
  cameraId?: string;
  epoch?: number;
  revision: number;
  expiresAt: Date;
}): CommandMessage {
  return CommandMessage.parse({
    commandId: command.id,
    type: command.type,
    cameraId: command.cameraId,
    epoch: command.epoch,
    revision: command.revision,
    expiresAt: command.expiresAt.toISOString(),
  });
}

function toView(row: CommandRow): CommandView {
  return CommandView.parse({
    id: row.id,
    workerId: row.workerId,
    cameraId: row.cameraId,
    type: row.type,
    epoch: row.epoch,
    state: row.state,
    attempts: row.attempts,
    error: row.error ?? undefined,
    createdAt: row.createdAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString(),
    finishedAt: row.finishedAt?.toISOString(),
  });
}
