import { OutgoingMessagesRepository } from '@camfleet/database';
import { ANSWER_TIMEOUT_MS, type MessageQueue } from '@camfleet/queue';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { MESSAGE_QUEUE } from './message-queue';

/** How soon after its commit a message leaves at the latest. */
const LOOK_EVERY_MS = 1_000;
/** While the queue is away. */
const RETRY_EVERY_MS = 5_000;
const MESSAGES_AT_ONCE = 20;
/** Longer than the queue may take to say whether it has a message. */
const CLAIM_MS = 2 * ANSWER_TIMEOUT_MS;

/**
 * Sends what waits in `outgoing_messages`, at least once and in no order. Every replica does; no two send the same row
 * at a time. While the queue takes its time nothing of the database is held.
 */
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
      const claimed = await this.messages.claim(MESSAGES_AT_ONCE, { forMs: CLAIM_MS });
      if (claimed.length === 0) return LOOK_EVERY_MS;
      const results = await Promise.allSettled(
        claimed.map(({ body }) => queue.send(config.messages.snapshotTasksQueue, JSON.stringify(body))),
      );
      const idsOf = (status: 'fulfilled' | 'rejected') =>
        claimed.filter((_, index) => results[index]?.status === status).map(({ id }) => id);
      const sent = idsOf('fulfilled');
      if (sent.length > 0) {
        await this.messages.sent(sent);
        logger.info({ sent: sent.length }, 'messages.sent');
      }
      const failure: unknown = results.find((result) => result.status === 'rejected')?.reason;
      if (failure === undefined) return claimed.length === MESSAGES_AT_ONCE ? 0 : LOOK_EVERY_MS;
      logger.warn({ err: failure }, 'messages.not_sent');
      await this.messages.notSent(
        idsOf('rejected'),
        failure instanceof Error ? failure.message : String(failure),
      );
    } catch (err) {
      logger.warn({ err }, 'messages.not_sent');
    }
    return RETRY_EVERY_MS;
  }
}
