import { pageOfRows, decodeCursor } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import type { DeadMessage, DeadMessageQuery, Page, QueueQuery } from '@camfleet/protocol';
import type { DeadLetter, MessageQueue } from '@camfleet/queue';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { MessageIntake } from './message-intake';
import { MESSAGE_QUEUE } from './message-queue';

/** Messages that nobody could do, each shown to those whose it is. */
@Injectable()
export class DeadMessages {
  constructor(
    private readonly intake: MessageIntake,
    @Inject(MESSAGE_QUEUE) private readonly queue: MessageQueue | null,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** Oldest first. Throws `NOT_FOUND` where there is no queue. */
  async list(caller: Principal, { queue, limit, cursor }: DeadMessageQuery): Promise<Page<DeadMessage>> {
    const last = decodeCursor(cursor);
    const letters = await this.queueOrThrow().deadLetters(this.nameOf(queue), {
      limit: limit + 1,
      after: last && { id: last.id, atMs: last.at },
      isWanted: this.filterOf(caller),
    });
    const page = pageOfRows(letters, { limit, cursorOf: ({ id, atMs }) => ({ id, at: atMs }) });
    return { ...page, items: page.items.map(({ id, body, reason }) => ({ id, body, reason })) };
  }

  /** Answers how many of the caller's, or of those of them that are named, went back. */
  redrive(caller: Principal, { queue, ids }: QueueQuery & { ids?: readonly string[] }): Promise<number> {
    const named = ids && new Set(ids);
    const isCallers = this.filterOf(caller);
    return this.queueOrThrow().redrive(
      this.nameOf(queue),
      (letter) => (named?.has(letter.id) ?? true) && isCallers(letter),
    );
  }

  /** Asks whose a workspace is once only. */
  private filterOf({ everything, tenantId }: Principal): (letter: DeadLetter) => boolean | Promise<boolean> {
    const owners = new Map<string, Promise<string>>();
    return async ({ body }) => {
      if (everything) return true;
      const workspaceId = this.intake.workspaceOf(body);
      if (workspaceId === undefined) return false;
      const owner = owners.get(workspaceId) ?? this.intake.ownerOf(workspaceId);
      owners.set(workspaceId, owner);
      return (await owner) === tenantId;
    };
  }

  private nameOf(queue: QueueQuery['queue']): string {
    const { videoTasksQueue, snapshotTasksQueue } = this.options.config.messages;
    return queue === 'video-tasks' ? videoTasksQueue : snapshotTasksQueue;
  }

  private queueOrThrow(): MessageQueue {
    if (this.queue) return this.queue;
    throw new CamfleetError('NOT_FOUND', 'There is no queue: neither SQS_ENDPOINT nor REDIS_URL is set.');
  }
}
