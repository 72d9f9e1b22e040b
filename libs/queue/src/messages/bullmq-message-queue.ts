import { randomUUID } from 'node:crypto';
import { type Job, Queue, Worker as Consumer } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { onceReady } from '../redis-ready';
import { BullMqDeadLetters, isKept, textOf } from './bullmq-dead-letters';
import {
  ANSWER_TIMEOUT_MS,
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterPage,
  MAX_RECEIVES,
  type MessageQueue,
  NEVER_DONE,
  type ReceivedMessage,
  type ReceiveOptions,
  deadLetterQueue,
} from './message-queue';

export interface BullMqMessageQueueOptions {
  redisUrl: string;
  /** Hears of a Redis that is away; BullMQ reconnects by itself. */
  onError: (error: Error) => void;
  /** How often messages are looked for whose visibility has run out; they come back at the second look. */
  lookForStalledMs?: number;
}

/** A receiver blocks in Redis for so long at a time: how late it hears that it is to stop. */
const BLOCK_SECONDS = 1;

/** How often a message was put aside, and for how long: what its job says of its progress. */
const Aside = z.object({ times: z.int().min(0), waitedSeconds: z.number().min(0) });
type Aside = z.infer<typeof Aside>;
const NEVER_ASIDE: Aside = { times: 0, waitedSeconds: 0 };

/**
 * Messages as BullMQ jobs whose data is the message, so that any BullMQ producer can send one. A job's lock is its
 * visibility. Dead letters are jobs `{ message, reason }` of the queue `{queue}-dlq`.
 */
export class BullMqMessageQueue implements MessageQueue {
  private readonly queues = new Map<string, Queue>();
  private readonly consumers = new Map<string, Consumer>();
  private readonly connection: Redis;

  constructor(private readonly options: BullMqMessageQueueOptions) {
    // A sender must hear at once that Redis is away; what it sends is a row, and is sent again.
    this.connection = new Redis(options.redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      // Of one that takes commands and answers none, the connection is given up, and with it what was asked on it.
      socketTimeout: ANSWER_TIMEOUT_MS,
    });
    this.connection.on('error', options.onError);
  }

  async send(queue: string, body: string): Promise<void> {
    const data = parsed(body);
    await (await this.queue(queue)).add(nameOf(data), data, { removeOnComplete: true });
  }

  async receive(queue: string, options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const { maxMessages, waitSeconds, signal } = options;
    const consumer = this.consumer(queue);
    const untilMs = performance.now() + waitSeconds * 1000;
    const received: ReceivedMessage[] = [];
    while (received.length < maxMessages && !signal.aborted) {
      const token = randomUUID();
      const mayWait = received.length === 0 && performance.now() < untilMs;
      const job = await consumer.getNextJob(token, { block: mayWait });
      if (job) {
        const message = await this.take(queue, { job, token }, options.visibilitySeconds);
        if (message) received.push(message);
      } else if (!mayWait || consumer.closing) return received;
    }
    return received;
  }

  async deadLetters(queue: string, page: DeadLetterPage): Promise<DeadLetter[]> {
    return (await this.dead(queue)).page(page);
  }

  async redrive(queue: string, isWanted: DeadLetterFilter): Promise<number> {
    return (await this.dead(queue)).redrive(isWanted, (body) => this.send(queue, body));
  }

  ready(): Promise<boolean> {
    if (this.connection.status !== 'ready') return Promise.resolve(false);
    return this.connection.ping().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.consumers.values()].map(async (consumer) => {
        const connection = await consumer.client;
        await consumer.close(true);
        connection.disconnect();
      }),
    );
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.connection.disconnect();
  }

  private async take(
    queue: string,
    { job, token }: { job: Job; token: string },
    visibilitySeconds: number,
  ): Promise<ReceivedMessage | undefined> {
    const done = async () => {
      await job.moveToCompleted(null, token, false);
    };
    const bury = async (reason: string) => {
      await (await this.dead(queue)).add(job, reason);
      await done();
    };
    const aside = Aside.catch(NEVER_ASIDE).parse(job.progress);
    const receiveCount = job.attemptsStarted - aside.times;
    if (!isKept(job)) return void (await done());
    if (receiveCount > MAX_RECEIVES) return void (await bury(NEVER_DONE));
    await job.extendLock(token, visibilitySeconds * 1000);
    return {
      body: textOf(job.data),
      receiveCount,
      waitedSeconds: aside.waitedSeconds,
      extend: async (seconds) => {
        if ((await job.extendLock(token, seconds * 1000)) === 0) throw new Error('The message is not ours.');
      },
      putAside: async (seconds) => {
        const waitedSeconds = aside.waitedSeconds + seconds;
        // In this order a crash between them gives it one receive more, and never one less.
        await job.updateProgress({ times: aside.times + 1, waitedSeconds } satisfies Aside);
        await job.moveToDelayed(Date.now() + seconds * 1000, token);
      },
      // Whoever has it now deletes it then; the same work was done twice, which is harmless.
      delete: () => done().catch(() => undefined),
      bury,
    };
  }

  private async dead(queue: string): Promise<BullMqDeadLetters> {
    return new BullMqDeadLetters(await this.queue(deadLetterQueue(queue)), this.connection);
  }

  /** None is kept that was made while Redis was away: BullMQ would never get over it. */
  private async queue(name: string): Promise<Queue> {
    await onceReady(this.connection);
    const known = this.queues.get(name);
    if (known) return known;
    const queue = new Queue(name, { connection: this.connection });
    queue.on('error', this.options.onError);
    await queue.waitUntilReady();
    this.queues.set(name, queue);
    return queue;
  }

  private consumer(name: string): Consumer {
    const known = this.consumers.get(name);
    if (known) return known;
    const consumer = new Consumer(name, null, {
      connection: this.connection.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null }),
      autorun: false,
      drainDelay: BLOCK_SECONDS,
      stalledInterval: this.options.lookForStalledMs ?? 15_000,
      // How often is enough is for `take` to say: then it goes to the dead letters.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: { count: 0 },
    });
    consumer.on('error', this.options.onError);
    void consumer.startStalledCheckTimer().catch(this.options.onError);
    this.consumers.set(name, consumer);
    return consumer;
  }
}

/** A job's data is the message itself; what is no JSON travels as a string. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function nameOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'event' in data ? String(data.event) : 'message';
}
