import { CamfleetError, type ErrorCode } from '@camfleet/domain';
import { IncomingMessage } from '@camfleet/protocol';
import {
  EXTEND_EVERY_SECONDS,
  MAX_ASIDE_SECONDS,
  type MessageQueue,
  type ReceivedMessage,
  VISIBILITY_SECONDS,
  WAIT_SECONDS,
} from '@camfleet/queue';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { toCamfleetError } from '../http/error.filter';
import { MessageIntake } from './message-intake';
import { MESSAGE_QUEUE } from './message-queue';

const MESSAGES_AT_ONCE = 4;
/** Messages that are being looked at; while there are so many, no further ones are received. */
const MAX_HELD = 100;
/** While the queue is away. */
const RETRY_EVERY_MS = 5_000;
/** From this status on it is us who failed, and another try may succeed. */
const OUR_FAULT = 500;
/**
 * What comes back by itself: until then a message is put aside, at first for this long, then for as long as it has waited
 * already, at most for so long at a time.
 */
const FIRST_WAIT_SECONDS = 5;
const LONGEST_WAIT_SECONDS: Partial<Record<ErrorCode, number>> = {
  NO_WORKER_AVAILABLE: 60,
  DATABASE_UNAVAILABLE: 60,
  // Of so many videos a day.
  TOO_MANY_REQUESTS: MAX_ASIDE_SECONDS,
};
/** After that it is dead, with the reason: somebody should hear of it before the queue forgets it. */
const MAX_WAITED_SECONDS = 3 * 24 * 3600;

/**
 * Takes `PROCESS_VIDEO` and `PROCESS_VIDEO_DB` from the queue. A message is deleted once the rows of its job are
 * committed: from there on the database is the record. One that has to wait (its tenant has no worker or has used up its
 * quota, the database is away) goes back into the queue for a while, and so holds up nobody else's. One that can never be
 * done is buried with the reason; one that failed otherwise comes back when its visibility ends, five times in all.
 */
@Injectable()
export class IntakeConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** Each resolves when its message is done with. */
  private readonly held = new Set<Promise<void>>();

  constructor(
    private readonly intake: MessageIntake,
    @Inject(MESSAGE_QUEUE) private readonly queue: MessageQueue | null,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.queue) this.running = this.run(this.queue, this.stopping.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.queue?.close();
  }

  private async run(queue: MessageQueue, signal: AbortSignal): Promise<void> {
    const { config, logger } = this.options;
    while (!signal.aborted) {
      try {
        const received = await queue.receive(config.messages.videoTasksQueue, {
          maxMessages: MESSAGES_AT_ONCE,
          waitSeconds: WAIT_SECONDS,
          visibilitySeconds: VISIBILITY_SECONDS,
          signal,
        });
        for (const message of received) this.hold(message);
        while (this.held.size > MAX_HELD - MESSAGES_AT_ONCE) await Promise.race(this.held);
      } catch (err) {
        if (signal.aborted) break;
        logger.warn({ err }, 'messages.not_received');
        await wait(RETRY_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    await Promise.all(this.held);
  }

  private hold(message: ReceivedMessage): void {
    const { logger } = this.options;
    const done = this.handle(message)
      // The queue did not take our word: the message comes back when its visibility ends.
      .catch((err: unknown) => logger.warn({ err }, 'messages.not_ended'))
      .finally(() => this.held.delete(done));
    this.held.add(done);
  }

  private async handle(message: ReceivedMessage): Promise<void> {
    const { logger } = this.options;
    const extending = setInterval(() => {
      message
        .extend(VISIBILITY_SECONDS)
        .catch((err: unknown) => logger.warn({ err }, 'messages.not_extended'));
    }, EXTEND_EVERY_SECONDS * 1_000);
    try {
      const { videoId, jobs } = await this.intake.take(null, parse(message.body));
      await message.delete();
      logger.info({ videoId, jobIds: jobs.map(({ id }) => id) }, 'messages.taken');
    } catch (error) {
      await this.refuse(message, error);
    } finally {
      clearInterval(extending);
    }
  }

  private async refuse(message: ReceivedMessage, error: unknown): Promise<void> {
    const { logger } = this.options;
    const { receiveCount, waitedSeconds } = message;
    const { code, status, message: text } = toCamfleetError(error);
    const longest = LONGEST_WAIT_SECONDS[code];
    if (longest !== undefined && waitedSeconds < MAX_WAITED_SECONDS) {
      const seconds = asideSeconds(waitedSeconds, longest);
      await message.putAside(seconds);
      return logger.info({ code, waitedSeconds, seconds }, 'messages.waits');
    }
    if (status >= OUR_FAULT && longest === undefined)
      return logger.warn({ err: error, receiveCount }, 'messages.not_taken');
    logger.warn({ code, receiveCount, waitedSeconds }, 'messages.refused');
    const waited = longest === undefined ? '' : ` It has waited for ${Math.round(waitedSeconds / 3600)} h.`;
    await message.bury(`${code}: ${text}${waited}`);
  }
}

/** So that those that were put aside together do not come back together. */
function asideSeconds(waitedSeconds: number, longest: number): number {
  const seconds = Math.min(longest, Math.max(FIRST_WAIT_SECONDS, waitedSeconds));
  return Math.max(1, Math.round(seconds * (1 - Math.random() / 4)));
}

/** @throws CamfleetError `VALIDATION_FAILED` */
function parse(body: string): IncomingMessage {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new CamfleetError('VALIDATION_FAILED', 'It is not JSON.');
  }
  const message = IncomingMessage.safeParse(json);
  if (message.success) return message.data;
  const [issue] = message.error.issues;
  throw new CamfleetError('VALIDATION_FAILED', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
