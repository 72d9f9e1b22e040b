import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@camfleet/telemetry';
import { FAKE_API_KEY, FakeApi, until } from '@camfleet/testing';
import { ApiClient } from '../fleet/api-client';
import { EventDelivery } from './event-delivery';
import { EventOutbox } from './event-outbox';
import type { OutboxEvent } from './record';
import { RejectedFile } from './rejected-file';

const logger = createLogger({ service: 'test', level: 'silent' });

const anEvent = (id: string): OutboxEvent => ({
  event: {
    id,
    type: 'face',
    cameraId: 'c',
    epoch: 1,
    occurredAt: '2026-01-01T00:00:00.000Z',
    trackId: id,
    state: 'new',
    score: 0.9,
    box: [0, 0, 0.1, 0.1],
  },
  snapshot: Buffer.alloc(1_000, 1),
});
/** As in earnest, but sooner. */
const LONELY = { answers: 20, forMs: 300 };
const some = (count: number) => Array.from({ length: count }, (_, n) => anEvent(`${n}`));

describe('delivery of events', () => {
  let directory = '';
  let api: FakeApi;
  let outbox: EventOutbox;
  let delivery: EventDelivery | undefined;
  let client: ApiClient;

  const start = (apiUrls = [api.url], retry = { firstMs: 1, capMs: 20 }) => {
    client = new ApiClient({ apiUrls, apiKey: FAKE_API_KEY });
    const rejectedFile = new RejectedFile(directory);
    const options = { outbox, rejectedFile, api: client, workerId: 'w', logger };
    delivery = new EventDelivery({ ...options, retry, lonely: LONELY });
  };

  beforeEach(async () => {
    api = await FakeApi.start();
    directory = await mkdtemp(join(tmpdir(), 'delivery-'));
    outbox = await EventOutbox.open({
      directory,
      logger,
      onEvent: () => delivery?.request(),
      onFull: () => undefined,
    });
  });
  afterEach(async () => {
    await delivery?.stop(0);
    await client.close();
    await outbox.close();
    await api.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('is prompt, whole and in order, in batches of 500 at most', async () => {
    start();
    await outbox.add(some(1_200));
    await until('all is there', () => api.events.length === 1_200);
    expect(api.events.map(({ id }) => id)).toEqual(some(1_200).map(({ event }) => event.id));
    expect(Math.max(...api.batches)).toBeLessThanOrEqual(500);
    expect(api.events[0]?.snapshot).toBe(Buffer.alloc(1_000, 1).toString('base64'));
    await until('the outbox is empty', () => outbox.status().depth === 0);
  });

  it('keeps everything while the API is away, and delivers when it is back', async () => {
    const { port } = api;
    await api.stop();
    start([`http://127.0.0.1:${port}`]);
    await outbox.add(some(3));
    expect(outbox.status().depth).toBe(3);
    api = await FakeApi.start({ port });
    await until('all is there', () => api.events.length === 3);
  });

  describe('after an outage, as soon as a heartbeat is answered', () => {
    const DAYS = { firstMs: 1e9, capMs: 1e9 };
    let asked = 0;
    const unavailable = () => {
      asked += 1;
      return { status: 503, code: 'DATABASE_UNAVAILABLE' };
    };
    beforeEach(() => (asked = 0));

    it('does not wait for the end of its back-off', async () => {
      api.fault = unavailable;
      start([api.url], DAYS);
      await outbox.add(some(3));
      await until('it was refused', () => asked === 1);
      api.fault = () => undefined;
      await until('all is there', () => {
        delivery?.heartbeatAnswered(false);
        delivery?.heartbeatAnswered(true);
        return api.events.length === 3;
      });
    });

    it('does not wait for the answer to a call that the outage swallowed', async () => {
      const { port } = api;
      await api.stop();
      const silent = createServer().listen(port, '127.0.0.1');
      start([`http://127.0.0.1:${port}`]);
      const [socket] = await Promise.all([once(silent, 'connection'), outbox.add(some(3))]);
      delivery?.heartbeatAnswered(false);
      silent.close();
      api = await FakeApi.start({ port });
      delivery?.heartbeatAnswered(true);
      await until('all is there', () => api.events.length === 3, 3_000);
      socket[0].destroy();
    });

    it('keeps to its back-off when heartbeats are answered and events are not: each would be a batch too many', async () => {
      api.fault = unavailable;
      start([api.url], DAYS);
      await outbox.add(some(3));
      await until('it was tried once more', () => {
        delivery?.heartbeatAnswered(true);
        return asked === 2;
      });
      for (let beats = 0; beats < 10; beats++) {
        delivery?.heartbeatAnswered(true);
        // What a heartbeat sets going has arrived when this is answered.
        await fetch(`${api.url}/healthz`);
      }
      expect(asked).toBe(2);
    });
  });

  it('goes to the next replica at once', async () => {
    start(['http://127.0.0.1:1', api.url]);
    const before = performance.now();
    await outbox.add(some(1));
    await until('it is there', () => api.events.length === 1);
    expect(performance.now() - before).toBeLessThan(500);
  });

  it('halves a batch that is too large, and puts aside the one event that no API takes', async () => {
    api.fault = (_path, body) => {
      const { events } = Object(body);
      const isTooLarge = events.length > 4 || events.some(({ id }: { id: string }) => id === '5');
      return isTooLarge ? { status: 413, code: 'BODY_TOO_LARGE' } : undefined;
    };
    start();
    await outbox.add(some(20));
    await until('the others are there', () => api.events.length === 19);
    await until('the outbox is empty', () => outbox.status().depth === 0);
    expect(outbox.status().rejected).toBe(1);
  });

  const has = (body: unknown, id: string) =>
    Object(body).events.some((event: { id: string }) => event.id === id);
  const rejectedLines = async () => {
    const lines = (await readFile(join(directory, 'rejected.jsonl'), 'utf8')).trim().split('\n');
    return lines.map((line) => JSON.parse(line));
  };

  it('puts aside the one event that the API refuses: it would keep all others waiting for ever', async () => {
    api.fault = (_path, body) => (has(body, '5') ? { status: 422, code: 'SOMETHING_NEW' } : undefined);
    start();
    await outbox.add(some(20));
    await until('the outbox is empty', () => outbox.status().depth === 0);
    expect(api.events).toHaveLength(19);
    expect(await rejectedLines()).toEqual([expect.objectContaining({ id: '5', code: 'VALIDATION_FAILED' })]);
  });

  it('puts aside the one event that the API breaks over again and again', async () => {
    api.fault = (_path, body) => (has(body, '5') ? { status: 500, code: 'INTERNAL_ERROR' } : undefined);
    start(['http://127.0.0.1:1', api.url]);
    await outbox.add(some(20));
    await until('the outbox is empty', () => outbox.status().depth === 0);
    expect(api.events).toHaveLength(19);
    expect(await rejectedLines()).toEqual([expect.objectContaining({ id: '5', code: 'INTERNAL_ERROR' })]);
  });

  it('gives up an event that waits alone and is always refused: an outbox would never be empty again', async () => {
    let refused = 0;
    api.fault = () => {
      refused += 1;
      return { status: 500, code: 'INTERNAL_ERROR' };
    };
    start();
    await outbox.add(some(1));
    await until('the outbox is empty', () => outbox.status().depth === 0);
    expect(refused).toBeGreaterThanOrEqual(LONELY.answers);
    expect(await rejectedLines()).toEqual([expect.objectContaining({ id: '0', code: 'INTERNAL_ERROR' })]);
  });

  it.each([
    [500, 'INTERNAL_ERROR'],
    [503, 'DATABASE_UNAVAILABLE'],
    [410, 'WORKER_REMOVED'],
    [429, 'RATE_LIMITED'],
  ])('puts nothing aside while the API says %d to everything', async (status, code) => {
    let refused = 0;
    api.fault = () => {
      refused += 1;
      return { status, code };
    };
    start();
    await outbox.add(some(3));
    await until('much was refused', () => refused > 30);
    expect(outbox.status()).toMatchObject({ depth: 3, rejected: 0 });
    api.fault = () => undefined;
    await until('all is there', () => api.events.length === 3);
  });

  it('puts nothing aside when the API comes back while it doubts an event: it would be lost for nothing', async () => {
    api.fault = (_path, body) => {
      if (has(body, '0')) return { status: 500, code: 'INTERNAL_ERROR' };
      // What waits behind it is the first that the API takes again.
      api.fault = () => undefined;
      return undefined;
    };
    start();
    await outbox.add(some(2));
    await until('the outbox is empty', () => outbox.status().depth === 0);
    expect(outbox.status().rejected).toBe(0);
    expect(api.events.map(({ id }) => id).sort()).toEqual(['0', '1']);
  });

  it('writes down what the API rejects, and goes on', async () => {
    api.rejectEvents.add('1');
    start();
    await outbox.add(some(3));
    await until('the outbox is empty', () => outbox.status().depth === 0);
    expect(outbox.status().rejected).toBe(1);
    expect(await rejectedLines()).toEqual([expect.objectContaining({ id: '1', code: 'STALE_EPOCH' })]);
  });
});
