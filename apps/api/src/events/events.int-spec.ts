import { Client } from 'pg';
import { WebSocket } from 'ws';
import { ADMIN_KEY, ApiHarness, WORKER_KEY, eventually } from '../../testing/api-harness';
import { JPEG, TestWorker } from '../../testing/test-worker';

interface EventBody {
  id: string;
  sequence: number;
  state?: string;
  snapshotUrl?: string;
  data: Record<string, unknown>;
}

describe('events', () => {
  let api: ApiHarness;
  let worker: TestWorker;
  let cameraId: string;
  let count = 0;

  beforeAll(async () => {
    api = await ApiHarness.start({ leaseTtlMs: 30_000 });
    worker = await new TestWorker(api, 'w').online();
    cameraId = await api.createCamera();
    await api.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await worker.heartbeat();
  });
  afterAll(async () => {
    await worker.die();
    await api.stop();
  });

  const face = (change: object = {}) => {
    count += 1;
    return {
      id: `event-${count}`,
      type: 'face',
      cameraId,
      epoch: 1,
      occurredAt: new Date().toISOString(),
      trackId: `track-${count}`,
      state: 'new',
      score: 0.9,
      box: [0.1, 0.2, 0.3, 0.4],
      ...change,
    };
  };
  const send = (events: unknown[], key = WORKER_KEY) =>
    api.call<{ accepted: number; duplicates: number; rejected: { id: string; code: string }[] }>(
      'POST',
      '/api/events',
      {
        key,
        body: { workerId: 'w', events },
      },
    );
  const list = async (query: string) =>
    (await api.call<{ items: EventBody[]; nextCursor: string | null }>('GET', `/api/events?${query}`)).body;

  it('stores an event once, however often it is sent', async () => {
    const event = face();
    expect((await send([event, event])).body).toEqual({ accepted: 1, duplicates: 1, rejected: [] });
    expect((await send([event])).body).toEqual({ accepted: 0, duplicates: 1, rejected: [] });
    expect((await list('after=0')).items.filter(({ id }) => id === event.id)).toHaveLength(1);
  });

  it('stores each embedding with its own event, whatever its length, and refuses what is none', async () => {
    const embedding = (vector: unknown[]) => ({ model: 'm', version: '1', vector });
    const long = Array.from({ length: 512 }, (_, index) => index / 1024 - 0.25);
    const events = [
      face({ embedding: embedding([0.25, -0.5]) }),
      face({}),
      face({ embedding: embedding(long) }),
      face({ embedding: embedding([1]) }),
      face({ embedding: embedding([1, 'two']) }),
      face({ embedding: embedding([1e39]) }),
    ];
    const { body } = await send(events);
    expect(body).toMatchObject({
      accepted: 4,
      rejected: [{ code: 'VALIDATION_FAILED' }, { code: 'VALIDATION_FAILED' }],
    });
    const sql = new Client({ connectionString: api.databaseUrl });
    await sql.connect();
    const { rows } = await sql.query<{ id: string; embedding: number[] }>(
      'SELECT id, embedding FROM events WHERE id = ANY($1)',
      [events.map(({ id }) => id)],
    );
    await sql.end();
    // As text they come with no more digits than single precision needs.
    const stored = new Map(rows.map((row) => [row.id, row.embedding.map(Math.fround)]));
    expect(events.slice(0, 4).map(({ id }) => stored.get(id))).toEqual([[0.25, -0.5], [], long, [1]]);
  });

  it('keeps the picture and gives it out, but never the embedding', async () => {
    const embedding = { model: 'm', version: '1', vector: [0.25, 0.5] };
    const event = face({ snapshot: JPEG.toString('base64'), embedding });
    await send([event]);
    const { body } = await api.call<EventBody>('GET', `/api/events/${event.id}`);
    expect(JSON.stringify(body)).not.toContain('embedding');
    const picture = await fetch(api.url + String(body.snapshotUrl), {
      headers: { Authorization: `Bearer ${ADMIN_KEY}` },
    });
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(JPEG);
  });

  it('rejects bad events alone, each with its code', async () => {
    const good = face();
    const future = face({ occurredAt: new Date(Date.now() + 600_000).toISOString() });
    const otherEpoch = face({ epoch: 99 });
    const deleted = face({ cameraId: 'never-was' });
    const broken = face({ box: 'left' });
    const unstorable = face({ data: { note: 'a\u0000b' } });
    const hugeEpoch = face({ epoch: 3e9 });
    const large = face({ snapshot: Buffer.alloc(1_000_001).toString('base64') });
    const { body } = await send([
      future,
      good,
      otherEpoch,
      deleted,
      broken,
      large,
      unstorable,
      hugeEpoch,
      'nonsense',
    ]);
    expect(body.accepted).toBe(1);
    expect(Object.fromEntries(body.rejected.map(({ id, code }) => [id, code]))).toEqual({
      [future.id]: 'FROM_THE_FUTURE',
      [otherEpoch.id]: 'STALE_EPOCH',
      [deleted.id]: 'CAMERA_NOT_FOUND',
      [broken.id]: 'VALIDATION_FAILED',
      [large.id]: 'SNAPSHOT_TOO_LARGE',
      [unstorable.id]: 'VALIDATION_FAILED',
      [hugeEpoch.id]: 'VALIDATION_FAILED',
      '': 'VALIDATION_FAILED',
    });
  });

  it('rejects alone what only the database would refuse: else it stood in its worker’s way for ever', async () => {
    const deep = JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown;
    const good = face();
    const bad = [
      face({ occurredAt: '1971-01-01T00:00:00.000-23:59' }),
      face({ occurredAt: `2020-01-01T00:00:00.${'1'.repeat(200)}Z` }),
      face({ data: { deep } }),
    ];
    const { status, body } = await send([...bad, good]);
    expect(status).toBe(200);
    expect(body.rejected.map(({ id, code }) => [id, code])).toEqual(
      bad.map(({ id }) => [id, 'VALIDATION_FAILED']),
    );
    expect(body.accepted).toBe(1);
  });

  it('shows visits though the quality of one is no number', async () => {
    const odd = { quality: { score: 'splendid' }, snapshot: JPEG.toString('base64') };
    const event = face(odd);
    await send([event]);
    const ids = (await list('view=visits')).items.map(({ id }) => id);
    expect(ids).toContain(event.id);
  });

  it('takes what an ended epoch saw before its lease ran out, and nothing later', async () => {
    // On a busy machine its lease may have ended.
    await worker.register();
    await worker.heartbeat();
    const id = await api.createCamera();
    await api.call('POST', `/api/cameras/${id}/stream/start`);
    await api.call('POST', `/api/cameras/${id}/stream/stop`);
    const now = Date.now();
    const early = face({ cameraId: id, occurredAt: new Date(now - 100).toISOString() });
    const late = face({ cameraId: id, occurredAt: new Date(now + 45_000).toISOString() });
    expect((await send([early, late])).body).toMatchObject({
      accepted: 1,
      rejected: [{ id: late.id, code: 'STALE_EPOCH' }],
    });
  });

  it('goes on telling what a camera was called after it was deleted', async () => {
    await worker.register();
    await worker.heartbeat();
    const id = await api.createCamera();
    await api.call('POST', `/api/cameras/${id}/stream/start`);
    await send([face({ cameraId: id, trackId: 'deleted' })]);
    const { name } = (await api.call<{ name: string }>('GET', `/api/cameras/${id}`)).body;
    const told = async () => [
      ...(await list(`cameraId=${id}`)).items,
      ...(await list(`view=visits&cameraId=${id}`)).items,
    ];
    expect(await told()).toMatchObject([{ cameraName: name }, { cameraName: name }]);
    expect((await api.call('DELETE', `/api/cameras/${id}`)).status).toBe(204);
    expect(await told()).toMatchObject([{ cameraName: name }, { cameraName: name }]);
  });

  it('takes events from workers alone', async () => {
    expect((await api.call('POST', '/api/events', { key: null, body: {} })).status).toBe(401);
    const { key } = (
      await api.call<{ key: string }>('POST', '/api/keys', { body: { name: 'v', role: 'admin' } })
    ).body;
    expect((await send([face()], key)).status).toBe(403);
  });

  it('shows one row a visit, with its best picture and how it ended', async () => {
    const trackId = 'visit';
    const at = (quality: number, picture?: boolean) => ({
      trackId,
      quality: { score: quality },
      ...(picture && { snapshot: JPEG.toString('base64') }),
    });
    const best = face({ ...at(0.9, true), state: 'update' });
    await send([face({ ...at(0.2, true) }), best, face({ ...at(0.5), state: 'end', id: `${trackId}:end` })]);
    const visits = (await list('view=visits&limit=500')).items.filter(
      (event) => 'trackId' in event && event.trackId === trackId,
    );
    expect(visits).toHaveLength(1);
    expect(visits[0]).toMatchObject({
      state: 'end',
      quality: { score: 0.9 },
      snapshotUrl: `/api/events/${best.id}/snapshot.jpg`,
      data: { endedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
    });
  });

  it('lets a reader that follows by sequence miss nothing while many write at once', async () => {
    const { items } = await list('limit=1');
    let after = items[0]?.sequence ?? 0;
    const wanted = new Set<string>();
    const seen: string[] = [];
    let writing = true;
    const writers = Array.from({ length: 6 }, async () => {
      for (let batch = 0; batch < 15; batch += 1) {
        const events = Array.from({ length: 5 }, () => face());
        for (const { id } of events) wanted.add(id);
        await send(events);
      }
    });
    const done = Promise.all(writers).then(() => (writing = false));
    for (let last = false; !last;) {
      last = !writing;
      const page = await list(`after=${after}&limit=7`);
      seen.push(...page.items.map(({ id }) => id));
      after = page.items.at(-1)?.sequence ?? after;
      if (page.items.length > 0) last = false;
    }
    await done;
    expect(seen.filter((id) => wanted.has(id)).sort()).toEqual([...wanted].sort());
  });

  it('tells a live reader everything once, through a connection that breaks', async () => {
    const { items } = await list('limit=1');
    const start = items[0]?.sequence ?? 0;
    const seen: EventBody[] = [];
    const open = async (after: number) => {
      const socket = new WebSocket(`${api.webSocketUrl}/api/live`, {
        headers: { Authorization: `Bearer ${ADMIN_KEY}` },
      });
      await new Promise((resolve) => socket.once('open', resolve));
      socket.on('message', (data) => {
        const message = JSON.parse(String(data));
        if (message.type === 'event') seen.push(message.event);
      });
      socket.send(JSON.stringify({ type: 'subscribe', after, types: ['face'] }));
      return socket;
    };
    const ids = async (n: number) => {
      const events = Array.from({ length: n }, () => face());
      await send(events);
      return events.map(({ id }) => id);
    };
    const first = await open(start);
    const sent = await ids(3);
    await eventually('the first three', () => seen.length >= 3);
    first.terminate();
    sent.push(...(await ids(4)));
    const second = await open(seen.at(-1)?.sequence ?? 0);
    sent.push(...(await ids(2)));
    await eventually('all nine', () => seen.length >= 9);
    expect(seen.map(({ id }) => id)).toEqual(sent);
    second.terminate();
  });

  it('lets no page of another site listen with the cookie of its visitor', async () => {
    const socket = new WebSocket(`${api.webSocketUrl}/api/live`, {
      headers: { Origin: 'https://evil.example' },
    });
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
    expect(status).toBe(403);
  });
});
