import { appendFile, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@camfleet/telemetry';
import { until } from '@camfleet/testing';
import { EventOutbox, type OutboxLimits } from './event-outbox';
import { type OutboxEvent, encodeRecord } from './record';

const PEEK = { maxEvents: 500, maxSnapshotBytes: 1e9 };

function anEvent(id: string, snapshotBytes = 0): OutboxEvent {
  return {
    event: {
      id,
      type: 'face',
      cameraId: 'c',
      epoch: 1,
      occurredAt: '2026-01-01T00:00:00.000Z',
      trackId: 't',
      state: 'update',
      score: 0.9,
      box: [0, 0, 0.1, 0.1],
    },
    snapshot: snapshotBytes > 0 ? Buffer.alloc(snapshotBytes, 1) : undefined,
  };
}

describe('the event outbox', () => {
  let directory = '';
  const open: EventOutbox[] = [];
  const full: boolean[] = [];

  const start = async (limits: Partial<OutboxLimits> = {}) => {
    const outbox = await EventOutbox.open({
      directory,
      limits: { retryWriteMs: 20, ...limits },
      logger: createLogger({ service: 'test', level: 'silent' }),
      onEvent: () => undefined,
      onFull: (isFull) => full.push(isFull),
    });
    open.push(outbox);
    return outbox;
  };
  const ids = async (outbox: EventOutbox) => (await outbox.peek(PEEK)).map(({ event }) => event.id);
  const segments = async () => (await readdir(directory)).filter((name) => name.endsWith('.events')).sort();

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'outbox-'));
    full.length = 0;
  });
  afterEach(async () => {
    for (const outbox of open.splice(0)) await outbox.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('has what it accepted after a kill -9, pictures and order included', async () => {
    const killed = await start();
    await killed.add([anEvent('1', 50_000), anEvent('2')]);
    await killed.add([anEvent('3')]);
    // Not closed: nothing but the file is left of it.
    const next = await start();
    const events = await next.peek(PEEK);
    expect(events.map(({ event }) => event.id)).toEqual(['1', '2', '3']);
    expect(events[0]?.snapshot?.length).toBe(50_000);
    expect(next.status()).toMatchObject({ depth: 3, lostEvents: 0, lostSnapshots: 0 });
  });

  it('loses nothing but the torn record when the file breaks off in the middle of one', async () => {
    await (await start()).add([anEvent('1'), anEvent('2'), anEvent('3')]);
    const file = join(directory, (await segments())[0] ?? '');
    await truncate(file, (await stat(file)).size - 5);
    const next = await start();
    expect(await ids(next)).toEqual(['1', '2']);
    await next.add([anEvent('4')]);
    expect(await ids(await start())).toEqual(['1', '2']);
    await next.delivered(await next.peek(PEEK), 0);
    expect(await ids(next)).toEqual(['4']);
  });

  it('starts with what another version wrote: what it cannot read it puts aside, counted, and goes on', async () => {
    const first = await start();
    await first.add(['1', '2', '3', '4'].map((id) => anEvent(id)));
    await first.delivered(await first.peek({ ...PEEK, maxEvents: 2 }), 0);
    const file = join(directory, (await segments())[0] ?? '');
    const records = ['1', '2', '3', '4'].map((id) => {
      const known = anEvent(id);
      if (id !== '1' && id !== '3') return encodeRecord(known);
      return encodeRecord({ event: { ...known.event, occurredAt: 'in another notation' } });
    });
    await writeFile(file, Buffer.concat(records));
    const next = await start();
    expect(await ids(next)).toEqual(['4']);
    expect(next.status()).toMatchObject({ depth: 1, rejected: 1 });
    const line = await readFile(join(directory, 'rejected.jsonl'), 'utf8');
    expect(JSON.parse(line)).toMatchObject({ code: 'EVENT_UNREADABLE', id: '3' });
    expect((await start()).status()).toMatchObject({ depth: 1, rejected: 1 });
  });

  it('does not take garbage behind the records for events', async () => {
    await (await start()).add([anEvent('1')]);
    await appendFile(join(directory, (await segments())[0] ?? ''), Buffer.alloc(1_000, 0xab));
    expect(await ids(await start())).toEqual(['1']);
  });

  it('goes on behind what was delivered, after a restart too', async () => {
    const first = await start();
    await first.add([anEvent('1'), anEvent('2'), anEvent('3')]);
    await first.delivered(await first.peek({ ...PEEK, maxEvents: 2 }), 0);
    expect(await ids(first)).toEqual(['3']);
    const next = await start();
    expect(await ids(next)).toEqual(['3']);
    expect(next.status().depth).toBe(1);
    await next.delivered(await next.peek(PEEK), 1);
    expect(next.status()).toMatchObject({ depth: 0, rejected: 1 });
  });

  it('gives batches that keep to their bound, and one event however large', async () => {
    const outbox = await start();
    await outbox.add([anEvent('1', 600), anEvent('2', 600), anEvent('3', 100)]);
    const batch = await outbox.peek({ maxEvents: 500, maxSnapshotBytes: 1_000 });
    expect(batch.map(({ event }) => event.id)).toEqual(['1']);
  });

  it('drops the oldest pictures first, then the oldest events, and counts both exactly', async () => {
    const limits = { maxBytes: 30_000, segmentBytes: 5_000 };
    const outbox = await start(limits);
    const total = 40;
    for (let n = 0; n < total; n += 1) await outbox.add([anEvent(`${n}`, 2_000)]);
    const { lostSnapshots, lostEvents } = outbox.status();
    const kept = [];
    for (let batch = await outbox.peek(PEEK); batch.length > 0; batch = await outbox.peek(PEEK)) {
      kept.push(...batch);
      await outbox.delivered(batch, 0);
    }
    expect(lostEvents).toBe(0);
    expect(kept.map(({ event }) => event.id)).toEqual(Array.from({ length: total }, (_, n) => `${n}`));
    expect(lostSnapshots).toBeGreaterThan(0);
    expect(kept.filter(({ snapshot }) => !snapshot)).toHaveLength(lostSnapshots);
    expect(kept.at(-1)?.snapshot).toBeDefined();

    for (let n = 0; n < 400; n += 1) await outbox.add([anEvent(`more ${n}`)]);
    const left = outbox.status();
    expect(left.lostEvents).toBeGreaterThan(0);
    expect(left.depth).toBe(400 - left.lostEvents);
    expect((await start(limits)).status()).toMatchObject({ lostEvents: left.lostEvents, lostSnapshots });
  });

  it('keeps 1,000 events in memory while the disk takes none, counts what is beyond, and recovers', async () => {
    const outbox = await start({ maxEventsInMemory: 3 });
    await rm(directory, { recursive: true });
    await outbox.add([anEvent('1'), anEvent('2')]);
    expect(full).toEqual([]);
    await outbox.add([anEvent('3'), anEvent('4'), anEvent('5')]);
    expect(full).toEqual([true]);
    expect(outbox.status()).toMatchObject({ depth: 3, lostEvents: 2 });
    expect(await ids(outbox)).toEqual(['1', '2', '3']);
    await rm(directory, { recursive: true, force: true });
    await EventOutbox.open({
      directory,
      logger: createLogger({ service: 'test', level: 'silent' }),
      onEvent: () => undefined,
      onFull: () => undefined,
    }).then((outbox) => outbox.close());
    await until('it is written', async () => (await segments()).length > 0);
    await until('analysis goes on', () => full.at(-1) === false);
    expect(outbox.status()).toMatchObject({ depth: 3, lostEvents: 2 });
  });
});
