import { CommandMessage } from '@camfleet/protocol';
import { Queue, Worker as Consumer } from 'bullmq';
import { Redis } from 'ioredis';
import { type CommandConsumer, type CommandQueue, MAX_DELIVERIES } from './command-queue';
import { onceReady } from './redis-ready';

export interface BullMqCommandQueueOptions {
  redisUrl: string;
  /** Hears of a Redis that is away; BullMQ reconnects by itself. */
  onError: (error: Error) => void;
}

const JOB_NAME = 'command';

/** Commands over Redis or Valkey: one BullMQ queue per worker, so that a command wakes its worker alone. */
export class BullMqCommandQueue implements CommandQueue {
  private readonly queues = new Map<string, Queue>();
  private readonly consumers = new Set<Consumer>();
  private readonly connection: Redis;

  constructor(private readonly options: BullMqCommandQueueOptions) {
    this.connection = new Redis(options.redisUrl, {
      // Publishing must fail at once while Redis is away: the row and the heartbeat do not need it.
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
    });
    this.connection.on('error', options.onError);
  }

  async publish(queue: string, message: CommandMessage): Promise<void> {
    await onceReady(this.connection);
    await this.queue(queue).add(JOB_NAME, message, {
      jobId: message.commandId,
      attempts: MAX_DELIVERIES,
      backoff: { type: 'exponential', delay: 100 },
      removeOnComplete: true,
      removeOnFail: 100,
    });
  }

  async consume(
    queue: string,
    handler: (message: CommandMessage) => Promise<void>,
  ): Promise<CommandConsumer> {
    const consumer = new Consumer(queue, (job) => handler(CommandMessage.parse(job.data)), {
      connection: this.connection.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null }),
      // One at a time: the handler is a heartbeat, and the next one covers every message before it.
      concurrency: 1,
    });
    consumer.on('error', this.options.onError);
    this.consumers.add(consumer);
    await consumer.waitUntilReady();
    return {
      close: async () => {
        this.consumers.delete(consumer);
        await closeConsumer(consumer);
      },
    };
  }

  async ready(): Promise<boolean> {
    if (this.connection.status !== 'ready') return false;
    return this.connection.ping().then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.consumers].map(closeConsumer));
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.connection.disconnect();
  }

  private queue(name: string): Queue {
    const known = this.queues.get(name);
    if (known) return known;
    const queue = new Queue(name, { connection: this.connection });
    queue.on('error', this.options.onError);
    this.queues.set(name, queue);
    return queue;
  }
}

async function closeConsumer(consumer: Consumer): Promise<void> {
  const connection = await consumer.client;
  await consumer.close();
  connection.disconnect();
}
