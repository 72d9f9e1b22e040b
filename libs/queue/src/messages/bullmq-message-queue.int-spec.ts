import { type RedisPeer, startRedis, until } from '@camfleet/testing';
import { Queue } from 'bullmq';
import { BullMqMessageQueue } from './bullmq-message-queue';
import { messageQueueContract } from './message-queue.contract';

describe('messages on Redis', () => {
  let redis: RedisPeer;
  beforeAll(async () => {
    redis = await startRedis();
  }, 20_000);
  afterAll(() => redis?.[Symbol.asyncDispose]());

  const open = () =>
    new BullMqMessageQueue({ redisUrl: redis.url, onError: () => undefined, lookForStalledMs: 200 });

  messageQueueContract(open);

  it('takes a job of any BullMQ producer for a message', async () => {
    const producer = new Queue('others', { connection: { url: redis.url } });
    await producer.add('whatever', { event: 'PROCESS_VIDEO_DB' });
    await producer.close();
    const messages = open();
    const [message] = await messages.receive('others', {
      maxMessages: 1,
      waitSeconds: 20,
      visibilitySeconds: 60,
      signal: new AbortController().signal,
    });
    expect(message?.body).toBe('{"event":"PROCESS_VIDEO_DB"}');
    await messages.close();
  });

  it('says at once that Redis is away, and goes on when it is back', async () => {
    const messages = open();
    await until('Redis answers', () => messages.ready());
    await redis.stop();
    await until('it is noticed', async () => !(await messages.ready()));
    await expect(messages.send('tasks', '{}')).rejects.toThrow();
    await redis.comeBack();
    await until('it is noticed', () => messages.ready());
    await messages.send('tasks', '{}');
    await messages.close();
  }, 30_000);
});
