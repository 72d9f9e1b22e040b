import { randomUUID } from 'node:crypto';
import { type DeadLetter, MAX_RECEIVES, type MessageQueue, type ReceivedMessage } from './message-queue';

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

  const all = () => true;
  const dead = () => messages.deadLetters(queue, { limit: 10, isWanted: all });

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
    expect(await dead()).toMatchObject([
      { body: '{"n":1}', reason: expect.stringContaining(`${MAX_RECEIVES} times`) },
    ]);
    expect(await messages.redrive(queue, all)).toBe(1);
    const again = await receiveOne();
    expect(again).toMatchObject({ body: '{"n":1}', receiveCount: 1 });
    expect(await dead()).toEqual([]);
  }, 60_000);

  it('puts a message aside that has to wait, however often, and says for how long it has waited', async () => {
    await messages.send(queue, '{"n":1}');
    const times = MAX_RECEIVES + 1;
    for (let count = 0; count < times; count += 1) {
      const message = await receiveOne();
      expect(message).toMatchObject({ body: '{"n":1}', receiveCount: 1, waitedSeconds: count });
      await message.putAside(SHORT_SECONDS);
      if (count === 0) expect(await receive(0)).toEqual([]);
    }
    const message = await receiveOne();
    expect(message).toMatchObject({ receiveCount: 1, waitedSeconds: times * SHORT_SECONDS });
    await message.delete();
    expect(await receive(2)).toEqual([]);
    expect(await dead()).toEqual([]);
  }, 60_000);

  it('lists the dead page by page, and gives back those alone that are wanted', async () => {
    const bodies = Array.from({ length: 25 }, (_, index) => JSON.stringify({ n: index }));
    for (const body of bodies) await messages.send(queue, body);
    for (let buried = 0; buried < bodies.length;) {
      for (const message of await receive(20)) {
        await message.bury('no');
        buried += 1;
      }
    }
    const isOdd = ({ body }: DeadLetter) => JSON.parse(body).n % 2 === 1;
    const isEven = (letter: DeadLetter) => !isOdd(letter);
    const listed: string[] = [];
    for (let after: DeadLetter | undefined; ;) {
      const page = await messages.deadLetters(queue, { limit: 5, after, isWanted: isEven });
      if (page.length === 0) break;
      expect(page.length).toBeLessThanOrEqual(5);
      listed.push(...page.map(({ body }) => body));
      after = page.at(-1);
    }
    expect(listed).toHaveLength(13);
    expect(listed.sort()).toEqual(bodies.filter((_, index) => index % 2 === 0).sort());
    const [first] = await dead();
    expect(await messages.redrive(queue, ({ id }) => id === first?.id)).toBe(1);
    expect((await receiveOne()).body).toBe(first?.body);
    expect(await messages.redrive(queue, isOdd)).toBe(first && isOdd(first) ? 11 : 12);
    const left = await messages.deadLetters(queue, { limit: 100, isWanted: all });
    expect(left.every(isEven)).toBe(true);
    expect(left).toHaveLength(first && isOdd(first) ? 13 : 12);
  }, 60_000);

  it('buries a message at once with the reason that its receiver gives', async () => {
    await messages.send(queue, 'nonsense');
    await (await receiveOne(SHORT_SECONDS)).bury('It is not JSON.');
    expect(await receive(1)).toEqual([]);
    const letters = [
      {
        id: expect.any(String),
        atMs: expect.any(Number),
        ...{ body: 'nonsense', reason: 'It is not JSON.' },
      },
    ];
    expect(await dead()).toEqual(letters);
    // Looking at them takes none away.
    expect(await dead()).toEqual(letters);
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
