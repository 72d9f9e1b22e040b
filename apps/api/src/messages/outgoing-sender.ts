import { OutgoingMessagesRepository } from '@camfleet/database';
import type { MessageQueue } from '@camfleet/queue';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { MESSAGE_QUEUE } from './message-queue';

/** How soon after its commit a message leaves at the latest. */
const LOOK_EVERY_MS = 1_000;
/** While the queue is away. */
const RETRY_EVERY_MS = 5_000;
/** One transaction: few enough that it is short. */
const MESSAGES_AT_ONCE = 20;

/** Sends what waits in `outgoing_messages`, at least once. Every replica does; no two send the same row at a time. */
@Injectable()
export class OutgoingSender implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly messages: OutgoingMessagesRepository,
    @Inject(MESSAGE_QUEUE) private readonly queue: MessageQueue | null,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.queue) this.running = this.run(this.queue, this.stopping.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(queue: MessageQueue, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const pauseMs = await this.sendSome(queue);
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Answers how long to wait before the next look. */
  private async sendSome(queue: MessageQueue): Promise<number> {
    const { config, logger } = this.options;
    try {
      const { sent, failure } = await this.messages.sendPending(MESSAGES_AT_ONCE, (body) =>
        queue.send(config.messages.snapshotTasksQueue, body),
      );
      if (sent > 0) logger.info({ sent }, 'messages.sent');
      if (failure === undefined) return sent === MESSAGES_AT_ONCE ? 0 : LOOK_EVERY_MS;
      logger.warn({ err: failure }, 'messages.not_sent');
    } catch (err) {
      logger.warn({ err }, 'messages.not_sent');
    }
    return RETRY_EVERY_MS;
  }
}
