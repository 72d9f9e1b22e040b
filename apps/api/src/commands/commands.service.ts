import { CamfleetError, type CommandType } from '@camfleet/domain';
import {
  CommandsRepository,
  type CommandRow,
  type IssuedCommand,
  type OpenCommand,
} from '@camfleet/database';
import { type CameraReport, CommandMessage, CommandView } from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { Gathering } from '../core/gathering';

export function commandQueueName(workerId: string): string {
  return `camfleet-commands-${workerId.replaceAll(':', '-')}`;
}

/** Of a heartbeat, what commands are held against. */
type Beat = { revision: number; cameras: readonly CameraReport[] };

/** Heartbeats whose commands are looked at in one query. */
const BEATS_AT_ONCE = 200;

/** Commands are rows first; a message only makes the worker heartbeat at once. */
@Injectable()
export class CommandsService {
  private readonly reconciling = new Gathering(
    (beats: { workerId: string; beat: Beat }[]) => this.reconcileAll(beats),
    { maxItems: BEATS_AT_ONCE, keyOf: ({ workerId }) => workerId },
  );

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

  /** Where the worker's commands come from, or `null` when there is no queue: then its link wakes it. */
  queueOf(workerId: string): { name: string } | null {
    return this.options.queue ? { name: commandQueueName(workerId) } : null;
  }

  /**
   * A message only wakes: of several commands for one worker the last is sent, and the heartbeat brings all.
   * Never rejects: a queue that is away costs time alone.
   */
  async publish(issued: readonly IssuedCommand[]): Promise<void> {
    const { queue, logger } = this.options;
    if (!queue) return;
    const last = new Map(issued.map((command) => [command.workerId, command]));
    const results = await Promise.allSettled(
      [...last.values()].map((command) =>
        queue.publish(commandQueueName(command.workerId), toMessage(command)),
      ),
    );
    const failed = results.filter((result) => result.status === 'rejected');
    if (failed[0]) logger.warn({ count: failed.length, err: failed[0].reason }, 'commands.not_published');
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
  reconcile(workerId: string, beat: Beat): Promise<CommandMessage[]> {
    return this.reconciling.do({ workerId, beat });
  }

  private async reconcileAll(beats: { workerId: string; beat: Beat }[]): Promise<CommandMessage[][]> {
    const open = new Map(beats.map(({ workerId }) => [workerId, new Array<OpenCommand>()]));
    for (const command of await this.commands.open([...open.keys()]))
      open.get(command.workerId)?.push(command);
    const succeeded: OpenCommand[] = [];
    const waiting = beats.map(({ workerId, beat }) => {
      const commands = open.get(workerId) ?? [];
      const done = commands.filter((command) => hasEffect(command, beat));
      succeeded.push(...done);
      return commands.filter((command) => !done.includes(command));
    });
    await this.commands.mark({
      succeeded: succeeded.map(({ id }) => id),
      // Told again with every heartbeat until it has its effect; written once.
      delivered: waiting.flat().flatMap(({ id, state }) => (state === 'queued' ? [id] : [])),
    });
    return waiting.map((commands) =>
      commands.map((command) =>
        toMessage({ ...command, cameraId: command.cameraId ?? undefined, epoch: command.epoch ?? undefined }),
      ),
    );
  }
}

/** What a heartbeat must show for a command to have succeeded. */
function hasEffect(command: OpenCommand, beat: Beat): boolean {
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
