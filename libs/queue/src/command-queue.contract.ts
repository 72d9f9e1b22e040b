import type { CommandMessage } from '@camfleet/protocol';
import type { CommandQueue } from './command-queue';

export function command(commandId: string): CommandMessage {
  return {
    commandId,
    type: 'ASSIGN_CAMERA',
    cameraId: 'cam',
    epoch: 1,
    revision: 1,
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  };
}

/** Resolves when `count` messages have come, with their ids in order. */
function collector(count: number) {
  const ids: string[] = [];
  let done: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (done = resolve));
  return {
    ids,
    all,
    handler: (message: CommandMessage) => {
      ids.push(message.commandId);
      if (ids.length >= count) done();
      return Promise.resolve();
    },
  };
}

/** What every adapter of {@link CommandQueue} must do; `open` gives one that nobody else uses. */
export function commandQueueContract(open: () => Promise<CommandQueue>): void {
  let queue: CommandQueue;
  beforeEach(async () => {
    queue = await open();
  });
  afterEach(() => queue.close());

  it('delivers to a worker that was there before, in order', async () => {
    const seen = collector(3);
    await queue.consume('w1', seen.handler);
    for (const id of ['a', 'b', 'c']) await queue.publish('w1', command(id));
    await seen.all;
    expect(seen.ids).toEqual(['a', 'b', 'c']);
  });

  it('keeps commands for a worker that comes later, so that a start just before it is not lost', async () => {
    await queue.publish('w2', command('early'));
    const seen = collector(1);
    await queue.consume('w2', seen.handler);
    await seen.all;
    expect(seen.ids).toEqual(['early']);
  });

  it('wakes no other worker', async () => {
    const mine = collector(1);
    const other = collector(1);
    await queue.consume('mine', mine.handler);
    await queue.consume('other', other.handler);
    await queue.publish('mine', command('m'));
    await mine.all;
    await queue.publish('other', command('o'));
    await other.all;
    expect(other.ids).toEqual(['o']);
  });

  it('gives a failed handler the command again', async () => {
    const seen = collector(2);
    await queue.consume('w3', async (message) => {
      await seen.handler(message);
      if (seen.ids.length === 1) throw new Error('the first try fails');
    });
    await queue.publish('w3', command('again'));
    await seen.all;
    expect(seen.ids).toEqual(['again', 'again']);
  });

  it('delivers nothing to a consumer that is closed', async () => {
    const closed = collector(1);
    const consumer = await queue.consume('w4', closed.handler);
    await consumer.close();
    await queue.publish('w4', command('late'));
    const next = collector(1);
    await queue.consume('w4', next.handler);
    await next.all;
    expect(closed.ids).toEqual([]);
    expect(next.ids).toEqual(['late']);
  });
}
