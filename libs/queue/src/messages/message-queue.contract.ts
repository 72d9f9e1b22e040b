import { randomUUID } from 'node:crypto';
import { MAX_RECEIVES, type MessageQueue, type ReceivedMessage } from './message-queue';

const SHORT_SECONDS = 1;

/** What every adapter of {@link MessageQueue} must do. */
export function messageQueueContract(open: () => MessageQueue): void {
  let messages: MessageQueue;
  let queue: string;
  beforeEach(() => {
    messages = open();
    queue = `tasks-${randomUUID()}`;
  });
  afterEach(() => messages.close());

  const receive = (waitSeconds: number, visibilitySeconds = 60) =>
    messages.receive(queue, {
      maxMessages: 10,
      waitSeconds,
      visibilitySeconds,
      signal: new AbortController().signal,
    });
  const receiveOne = async (visibilitySeconds?: number): Promise<ReceivedMessage> => {
    const [message] = await receive(20, visibilitySeconds);
    if (!message) throw new Error('No message came.');
    return message;
  };

  it('keeps a message for a receiver that comes later, and gives it as it was sent', async () => {
    const body = JSON.stringify({ event: 'PROCESS_VIDEO', file: 'Straße — 車.mp4' });
    await messages.send(queue, body);
    const message = await receiveOne();
    expect(JSON.parse(message.body)).toEqual(JSON.parse(body));
    expect(message.receiveCount).toBe(1);
  });

  it('carries what is not JSON, so that it can be refused with a reason', async () => {
    await messages.send(queue, 'not { json');
    expect((await receiveOne()).body).toBe('not { json');
  });

  it('wakes a receiver that waits', async () => {
    const waiting = receive(20);
    await messages.send(queue, '{"n":1}');
    expect(await waiting).toHaveLength(1);
  });

  it('gives a message to one receiver at a time, and never again when it was deleted', async () => {
    await messages.send(queue, '{"n":1}');
    const message = await receiveOne();
    expect(await receive(0)).toEqual([]);
    await message.delete();
    await message.delete();
    expect(await receive(1)).toEqual([]);
  });

  it('gives a message of a receiver that died to the next one', async () => {
    await messages.send(queue, '{"n":1}');
    await receiveOne(SHORT_SECONDS);
    const again = await receiveOne();
    expect(again.receiveCount).toBe(2);
    await again.delete();
  });

  it('keeps a message from others for as long as its receiver says that it works on it', async () => {
    await messages.send(queue, '{"n":1}');
    const message = await receiveOne(SHORT_SECONDS);
    await message.extend(60);
    expect(await receive(2)).toEqual([]);
    await message.delete();
  });

  it('buries a message that nobody could do in five tries, and gives it back when it is asked to', async () => {
    await messages.send(queue, '{"n":1}');
    for (let count = 1; count <= MAX_RECEIVES; count += 1)
      expect((await receiveOne(SHORT_SECONDS)).receiveCount).toBe(count);
    expect(await receive(2)).toEqual([]);
    expect(await messages.deadLetters(queue, 10)).toEqual([
      { body: '{"n":1}', reason: expect.stringContaining(`${MAX_RECEIVES} times`) },
    ]);
    expect(await messages.redrive(queue)).toBe(1);
    const again = await receiveOne();
    expect(again).toMatchObject({ body: '{"n":1}', receiveCount: 1 });
    expect(await messages.deadLetters(queue, 10)).toEqual([]);
  }, 60_000);

  it('buries a message at once with the reason that its receiver gives', async () => {
    await messages.send(queue, 'nonsense');
    await (await receiveOne(SHORT_SECONDS)).bury('It is not JSON.');
    expect(await receive(1)).toEqual([]);
    const letters = [{ body: 'nonsense', reason: 'It is not JSON.' }];
    expect(await messages.deadLetters(queue, 10)).toEqual(letters);
    // Looking at them takes none away.
    expect(await messages.deadLetters(queue, 10)).toEqual(letters);
  });

  it('lets a receiver go that is told to stop', async () => {
    const stop = new AbortController();
    const waiting = messages.receive(queue, {
      maxMessages: 1,
      waitSeconds: 20,
      visibilitySeconds: 60,
      signal: stop.signal,
    });
    stop.abort();
    expect(await waiting).toEqual([]);
  });
}
