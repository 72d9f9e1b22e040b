import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@camfleet/telemetry';
import { until } from '@camfleet/testing';
import { EventOutbox, type OutboxLimits } from './event-outbox';
import type { OutboxEvent } from './record';

const WRITER = join(__dirname, '..', '..', 'fixtures', 'outbox-writer.cjs');
const RUNS = 6;
const DISK_BYTES = 1024 * 1024;
/** Only root may mount a disk of its own size. */
const asRoot = process.getuid?.() === 0 ? it : it.skip;

jest.setTimeout(30_000);

describe('the outbox in a disaster', () => {
  let directory = '';
  const full: boolean[] = [];

  beforeEach(async () => {
    full.length = 0;
    directory = await mkdtemp(join(tmpdir(), 'disaster-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = (where: string, limits: Partial<OutboxLimits> = {}) =>
    EventOutbox.open({
      directory: where,
      limits,
      logger: createLogger({ service: 'test', level: 'silent' }),
      onEvent: () => undefined,
      onFull: (isFull) => full.push(isFull),
    });

  async function takeAll(outbox: EventOutbox): Promise<OutboxEvent[]> {
    const all: OutboxEvent[] = [];
    for (;;) {
      const batch = await outbox.peek({ maxEvents: 100, maxSnapshotBytes: 1e6 });
      if (batch.length === 0) return all;
      all.push(...batch);
      await outbox.delivered(batch, 0);
    }
  }

  it('has all that was accepted and not delivered when it is killed again and again while it writes', async () => {
    const accepted: string[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const writer = spawn(process.execPath, [WRITER, directory, `${run}`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      writer.stdout.on('data', (chunk) => (text += String(chunk)));
      const closed = once(writer, 'close');
      await until('it has written for a while', () => text.split('\n').length > 20 + 13 * run);
      writer.kill('SIGKILL');
      await closed;
      accepted.push(...text.split('\n').filter((id) => id !== ''));
    }
    const outbox = await open(directory);
    const kept = await takeAll(outbox);
    await outbox.close();
    const ids = kept.map(({ event }) => event.id);
    // What was delivered is gone from the front, at most what was delivered last comes twice; nothing is missing.
    const first = accepted.indexOf(ids[0] ?? '');
    expect(first).toBeGreaterThan(0);
    expect(ids.filter((id) => accepted.includes(id))).toEqual(accepted.slice(first));
    expect(kept.every(({ snapshot }) => snapshot?.length === 30_000)).toBe(true);
  });

  describe('on a disk that is full', () => {
    let disk = '';
    const ballast = () => join(disk, 'ballast');

    beforeEach(async () => {
      disk = await mkdtemp(join(tmpdir(), 'full-disk-'));
      if (process.getuid?.() === 0)
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'none', disk]);
    });
    afterEach(async () => {
      if (process.getuid?.() === 0) execFileSync('umount', [disk]);
      await rm(disk, { recursive: true });
    });

    async function fill({ leavingBytes = 0 } = {}): Promise<void> {
      await writeFile(ballast(), Buffer.alloc(2 * DISK_BYTES)).catch(() => undefined);
      await truncate(ballast(), (await stat(ballast())).size - leavingBytes);
    }
    const text = 'x'.repeat(3_000);
    const anEvent = (id: string): OutboxEvent => ({
      event: {
        id,
        type: 'camera.online',
        cameraId: 'c',
        epoch: 1,
        occurredAt: '2026-01-01T00:00:00.000Z',
        data: { text },
      },
      snapshot: Buffer.alloc(20_000),
    });
    const some = (from: number, count: number) =>
      Array.from({ length: count }, (_, n) => anEvent(`${from + n}`));

    asRoot('keeps what it can in memory, counts what it cannot, and goes on when there is room', async () => {
      const outbox = await open(disk, { maxEventsInMemory: 5, retryWriteMs: 20 });
      await outbox.add(some(0, 3));
      await fill();
      for (const event of some(3, 10)) await outbox.add([event]);
      expect(full.at(-1)).toBe(true);
      const { lostEvents, depth } = outbox.status();
      expect(lostEvents).toBeGreaterThan(0);
      expect(lostEvents + depth).toBe(13);
      await rm(ballast());
      await until('analysis goes on', () => full.at(-1) === false);
      await outbox.add(some(13, 1));
      const kept = await takeAll(outbox);
      expect(kept).toHaveLength(14 - lostEvents);
      expect(kept.at(-1)?.event.id).toBe('13');
      expect(outbox.status()).toMatchObject({ depth: 0, lostEvents, lostSnapshots: 0 });
      await outbox.close();
    });

    asRoot('counts a picture once that it has no room to leave out, and starts all the same', async () => {
      const limits = { maxBytes: 300_000, segmentBytes: 100_000, maxEventsInMemory: 5, retryWriteMs: 60_000 };
      const outbox = await open(disk, limits);
      await outbox.add(some(0, 1));
      await outbox.peek({ maxEvents: 1, maxSnapshotBytes: 1 });
      for (const event of some(1, 12)) await outbox.add([event]);
      expect(outbox.status().lostSnapshots).toBe(0);
      // The count can be written down, but the segment without its pictures cannot.
      await fill({ leavingBytes: 8_192 });
      await outbox.add(some(13, 1));
      const { lostSnapshots } = outbox.status();
      expect(lostSnapshots).toBeGreaterThan(0);
      await outbox.add(some(14, 1));
      expect(outbox.status()).toMatchObject({ lostSnapshots, depth: 15 });
      await outbox.close();
      const again = await open(disk, limits);
      await rm(ballast());
      await again.add(some(16, 1));
      const kept = await takeAll(again);
      expect(kept.filter(({ snapshot }) => !snapshot)).toHaveLength(again.status().lostSnapshots);
      expect(again.status().lostEvents).toBe(0);
      await again.close();
    });
  });
});
