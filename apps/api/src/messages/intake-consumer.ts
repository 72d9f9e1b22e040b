import { CamfleetError, type ErrorCode } from '@camfleet/domain';
import { IncomingMessage } from '@camfleet/protocol';
import {
  EXTEND_EVERY_SECONDS,
  type MessageQueue,
  type ReceivedMessage,
  VISIBILITY_SECONDS,
  WAIT_SECONDS,
} from '@camfleet/queue';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { toCamfleetError } from '../http/error.filter';
import { MessageIntake, type TakenMessage } from './message-intake';
import { MESSAGE_QUEUE } from './message-queue';

const MESSAGES_AT_ONCE = 4;
/** Messages that are held for what is away; while there are so many, no further ones are received. */
const MAX_HELD = 100;
/** While the queue is away, or whatever a message needs. */
const RETRY_EVERY_MS = 5_000;
/** From this status on it is us who failed, and another try may succeed. */
const OUR_FAULT = 500;
/** What comes back by itself: until then a message is held, and uses up no receives. */
const PASSING: readonly ErrorCode[] = ['NO_WORKER_AVAILABLE', 'DATABASE_UNAVAILABLE', 'TOO_MANY_REQUESTS'];

/**
 * Takes `PROCESS_VIDEO` and `PROCESS_VIDEO_DB` from the queue. A message is deleted once the rows of its job are
 * committed: from there on the database is the record. Until then it is invisible to others, however long a worker or the
 * database is away. One that can never be done is buried with the reason; one that failed otherwise comes back when its
 * visibility ends, five times in all.
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
        // One that waits for a worker of its tenant holds up nobody else's.
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

  /** Waits for what is away meanwhile. */
  private async take(message: IncomingMessage): Promise<TakenMessage> {
    const { signal } = this.stopping;
    for (;;) {
      try {
        return await this.intake.take(null, message);
      } catch (error) {
        if (signal.aborted || !PASSING.includes(toCamfleetError(error).code)) throw error;
        this.options.logger.info({ err: error, videoId: message.video_id }, 'messages.waits');
        await wait(RETRY_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async handle(message: ReceivedMessage): Promise<void> {
    const { logger } = this.options;
    const extending = setInterval(() => {
      message
        .extend(VISIBILITY_SECONDS)
        .catch((err: unknown) => logger.warn({ err }, 'messages.not_extended'));
    }, EXTEND_EVERY_SECONDS * 1_000);
    try {
      const { videoId, jobs } = await this.take(parse(message.body));
      await message.delete();
      logger.info({ videoId, jobIds: jobs.map(({ id }) => id) }, 'messages.taken');
    } catch (error) {
      const { receiveCount } = message;
      const { code, status, message: text } = toCamfleetError(error);
      if (status >= OUR_FAULT || PASSING.includes(code))
        return logger.warn({ err: error, receiveCount }, 'messages.not_taken');
      logger.warn({ code, receiveCount }, 'messages.refused');
      await message.bury(`${code}: ${text}`);
    } finally {
      clearInterval(extending);
    }
  }
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
