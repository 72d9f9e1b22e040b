import { randomUUID } from 'node:crypto';
import { type Job, Queue, Worker as Consumer } from 'bullmq';
import { Redis } from 'ioredis';
import { onceReady } from '../redis-ready';
import {
  type DeadLetter,
  MAX_RECEIVES,
  type MessageQueue,
  NEVER_DONE,
  RETENTION_SECONDS,
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
    this.connection = new Redis(options.redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
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

  async deadLetters(queue: string, limit: number): Promise<DeadLetter[]> {
    const jobs = await (await this.queue(deadLetterQueue(queue))).getJobs(['waiting'], 0, limit - 1, true);
    return jobs
      .filter(isKept)
      .map(({ data }) => ({ body: textOf(data.message), reason: String(data.reason) }));
  }

  async redrive(queue: string): Promise<number> {
    const dead = await (await this.queue(deadLetterQueue(queue))).getJobs(['waiting'], 0, -1, true);
    for (const job of dead) {
      // In this order a crash between them sends it twice, and never loses it.
      if (isKept(job)) await this.send(queue, textOf(job.data.message));
      await job.remove();
    }
    return dead.filter(isKept).length;
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
      const letter = { message: job.data, reason };
      const dead = await this.queue(deadLetterQueue(queue));
      await dead.add('dead', letter, { jobId: `dead-${job.id}` });
      await done();
    };
    if (!isKept(job)) return void (await done());
    if (job.attemptsStarted > MAX_RECEIVES) return void (await bury(NEVER_DONE));
    await job.extendLock(token, visibilitySeconds * 1000);
    return {
      body: textOf(job.data),
      receiveCount: job.attemptsStarted,
      extend: async (seconds) => {
        if ((await job.extendLock(token, seconds * 1000)) === 0) throw new Error('The message is not ours.');
      },
      // Whoever has it now deletes it then; the same work was done twice, which is harmless.
      delete: () => done().catch(() => undefined),
      bury,
    };
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

const isKept = ({ timestamp }: Job) => timestamp > Date.now() - RETENTION_SECONDS * 1000;

/** A job's data is the message itself; what is no JSON travels as a string. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

const textOf = (data: unknown) => (typeof data === 'string' ? data : JSON.stringify(data));

function nameOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'event' in data ? String(data.event) : 'message';
}
