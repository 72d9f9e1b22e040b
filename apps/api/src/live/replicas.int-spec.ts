import { Database, LISTENER_NAME } from '@camfleet/database';
import { WebSocket } from 'ws';
import { ADMIN_KEY, ApiHarness, WORKER_KEY, eventually } from '../../testing/api-harness';
import { FeedViewer } from '../../testing/feed-viewer';
import { TestWorker } from '../../testing/test-worker';

interface Message {
  type: string;
  after?: number;
  code?: string;
  oldest?: number;
  event?: { id: string; sequence: number };
}

/** A reader of `WS /api/live` that goes on, wherever it connects, from the last event it saw. */
class Reader {
  readonly seen: string[] = [];
  readonly messages: Message[] = [];
  after: number | undefined;
  closedWith: number | undefined;
  private socket?: WebSocket;

  async connect(api: ApiHarness): Promise<void> {
    const socket = new WebSocket(`${api.webSocketUrl}/api/live`, {
      headers: { Authorization: `Bearer ${ADMIN_KEY}` },
    });
    this.socket = socket;
    socket.on('message', (data) => this.received(JSON.parse(String(data))));
    socket.on('close', (code) => (this.closedWith = code));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.send(
      JSON.stringify({ type: 'subscribe', ...(this.after !== undefined && { after: this.after }) }),
    );
  }

  close(): void {
    this.socket?.terminate();
  }

  private received(message: Message): void {
    this.messages.push(message);
    if (message.type === 'subscribed') this.after ??= message.after;
    if (!message.event) return;
    this.after = message.event.sequence;
    this.seen.push(message.event.id);
  }
}

describe('two replicas', () => {
  let first: ApiHarness;
  let second: ApiHarness;
  let worker: TestWorker;
  let cameraId: string;
  let stored: string[] = [];

  const store = async (api: ApiHarness, count: number) => {
    const events = Array.from({ length: count }, (_, n) => ({
      id: `event-${stored.length + n}`,
      type: 'face',
      cameraId,
      epoch: 1,
      occurredAt: new Date().toISOString(),
      trackId: `track-${stored.length + n}`,
      state: 'new',
      score: 0.9,
      box: [0, 0, 0.1, 0.1],
    }));
    const answer = await api.call('POST', '/api/events', {
      key: WORKER_KEY,
      body: { workerId: 'w', events },
    });
    expect(answer.body).toMatchObject({ accepted: count });
    stored = [...stored, ...events.map(({ id }) => id)];
  };
  const viewersThrough = async (api: ApiHarness) =>
    (await api.call<{ viewers: number }>('GET', `/api/cameras/${cameraId}/stream/status`)).body.viewers;

  beforeAll(async () => {
    first = await ApiHarness.start({ leaseTtlMs: 60_000 });
    second = await first.startReplica();
    worker = await new TestWorker(first, 'w').online();
    cameraId = await first.createCamera();
    await first.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await worker.heartbeat();
  });
  afterAll(async () => {
    await worker.die();
    await second.stop();
    await first.stop();
  });

  it('tell a reader of both every event once, whichever stored it and whichever it reads from', async () => {
    const reader = new Reader();
    await reader.connect(first);
    await eventually('a subscription', () => reader.after !== undefined);
    const from = stored.length;
    await store(second, 3);
    await eventually('the first', () => reader.seen.length === 3);
    reader.close();
    // More than a replica holds in memory.
    for (let batch = 0; batch < 3; batch += 1) await store(batch % 2 ? first : second, 450);
    await reader.connect(second);
    await store(first, 2);
    await eventually('all of them', () => reader.seen.length >= 3 + 1350 + 2, 20_000);
    expect(reader.seen).toEqual(stored.slice(from));
    reader.close();
  });

  it('refuse to go on from what retention has deleted, and say from where there is something', async () => {
    await store(first, 5);
    const { items } = (await first.call<{ items: { sequence: number }[] }>('GET', '/api/events?limit=2'))
      .body;
    const kept = items[0]?.sequence ?? 0;
    const database = new Database(first.databaseUrl);
    await database.prisma
      .$executeRaw`INSERT INTO event_retention (tenant_id, deleted_through) VALUES ('default', ${kept - 1})`;
    for (const api of [first, second]) {
      const late = new Reader();
      late.after = kept - 2;
      await late.connect(api);
      await eventually('the refusal', () => late.messages.length === 1);
      expect(late.messages).toEqual([{ type: 'error', code: 'CURSOR_EXPIRED', oldest: kept }]);
      late.close();
      expect(await first.call('GET', `/api/events?after=${kept - 2}`)).toMatchObject({
        status: 410,
        body: { error: { code: 'CURSOR_EXPIRED', details: { oldest: kept } } },
      });
      expect((await first.call('GET', `/api/events?after=${kept - 1}`)).status).toBe(200);
      const whole = new Reader();
      whole.after = kept - 1;
      await whole.connect(api);
      await eventually('the rest', () => whole.seen.length === 1);
      expect(whole.seen).toEqual(stored.slice(-1));
      whole.close();
    }
    await database.prisma.$executeRaw`DELETE FROM event_retention`;
    await database.close();
  });

  it('tell a reader that its cursor is not from here, rather than nothing for ever', async () => {
    const reader = new Reader();
    reader.after = Number.MAX_SAFE_INTEGER;
    await reader.connect(second);
    await eventually('the refusal', () => reader.messages.length === 1);
    expect(reader.messages).toEqual([{ type: 'error', code: 'CURSOR_EXPIRED', oldest: 1 }]);
    reader.close();
    const listed = await second.call('GET', `/api/events?after=${Number.MAX_SAFE_INTEGER}`);
    expect(listed).toMatchObject({ status: 410, body: { error: { details: { oldest: 1 } } } });
  });

  it('have their readers come again after changes that may have been missed: no wall shows what is over', async () => {
    const reader = new Reader();
    await reader.connect(first);
    await eventually('a subscription', () => reader.after !== undefined);
    const database = new Database(first.databaseUrl);
    await database.prisma.$queryRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = ${LISTENER_NAME}`;
    await eventually('the request to come again', () => reader.closedWith === 1012);
    await database.close();
  });

  it('count the viewers of both', async () => {
    const path = `/api/cameras/${cameraId}/stream/feed`;
    const viewers = [
      await FeedViewer.open(first.url + path),
      await FeedViewer.open(first.url + path),
      await FeedViewer.open(second.url + path),
    ];
    for (const api of [first, second])
      await eventually('three', async () => (await viewersThrough(api)) === 3);
    viewers.shift()?.close();
    for (const api of [first, second]) await eventually('two', async () => (await viewersThrough(api)) === 2);
    for (const viewer of viewers) viewer.close();
  });

  it('count nobody who watched through a replica that has stopped', async () => {
    const third = await first.startReplica();
    const viewer = await FeedViewer.open(`${third.url}/api/cameras/${cameraId}/stream/feed`);
    await eventually('the viewer', async () => (await viewersThrough(first)) === 1);
    await third.stop();
    // One that has died is forgotten only after more than this.
    await eventually('none', async () => (await viewersThrough(first)) === 0, 5_000);
    viewer.close();
  });

  it('leave nobody with a WebSocket that is let in while they stop: it would stay open and silent', async () => {
    const third = await first.startReplica();
    const { key } = (
      await first.call<{ key: string }>('POST', '/api/keys', { body: { name: 'late', role: 'viewer' } })
    ).body;
    const database = new Database(first.databaseUrl);
    const isAsking = async () => {
      const rows = await database.prisma.$queryRaw<unknown[]>`
        SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return rows.length > 0;
    };
    let closed = false;
    let stopped = Promise.resolve();
    await database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRaw`LOCK TABLE api_keys`;
      const headers = { Authorization: `Bearer ${key}` };
      const socket = new WebSocket(`${third.webSocketUrl}/api/live`, { headers });
      socket.on('error', () => undefined);
      socket.on('close', () => (closed = true));
      await eventually('the question who it is', isAsking);
      stopped = third.stop();
    });
    await eventually('the end of the WebSocket', () => closed);
    await stopped;
    await database.close();
  });

  it('list the visits after a sequence, oldest first', async () => {
    await store(first, 3);
    const path = '/api/events?view=visits&limit=500';
    const newest = (await first.call<{ items: { sequence: number; id: string }[] }>('GET', path)).body.items;
    const after = newest[3]?.sequence;
    const later = await first.call<{ items: { id: string }[] }>('GET', `${path}&after=${after}`);
    expect(later.body.items.map(({ id }) => id)).toEqual(stored.slice(-3));
  });
});
