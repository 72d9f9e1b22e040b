import { type RedisPeer, freePort, startRedis, until } from '@camfleet/testing';
import { BullMqCommandQueue } from './bullmq-command-queue';
import { command, commandQueueContract } from './command-queue.contract';

describe('the command queue on Redis', () => {
  let redis: RedisPeer;
  beforeAll(async () => {
    redis = await startRedis();
  }, 20_000);
  // Each test finds it empty.
  beforeEach(async () => {
    await redis.stop();
    await redis.comeBack();
  }, 20_000);
  afterAll(() => redis?.[Symbol.asyncDispose]());

  const open = (redisUrl = redis.url) => new BullMqCommandQueue({ redisUrl, onError: () => undefined });

  commandQueueContract(() => Promise.resolve(open()));

  it('refuses a command within two seconds when Redis is away, so that a start never hangs', async () => {
    const queue = open(`redis://127.0.0.1:${await freePort()}`);
    const startedMs = performance.now();
    await expect(queue.publish('w', command('a'))).rejects.toThrow();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(await queue.ready()).toBe(false);
    await queue.close();
  });

  it('refuses commands while Redis is away, and carries them again when it is back', async () => {
    const queue = open();
    const seen: string[] = [];
    await queue.consume('w', (message) => {
      seen.push(message.commandId);
      return Promise.resolve();
    });
    await queue.publish('w', command('before'));
    await until('the first has come', () => seen.includes('before'));

    await redis.stop();
    await until('it is noticed', async () => !(await queue.ready()));
    await expect(queue.publish('w', command('lost'))).rejects.toThrow();

    await redis.comeBack();
    await until('it is noticed', () => queue.ready());
    await queue.publish('w', command('after'));
    await until('the next one has come', () => seen.includes('after'));
    expect(seen).toEqual(['before', 'after']);
    await queue.close();
  }, 30_000);
});
