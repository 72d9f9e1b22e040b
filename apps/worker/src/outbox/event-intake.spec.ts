import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@camfleet/telemetry';
import { until } from '@camfleet/testing';
import { EventIntake } from './event-intake';

const message = (id: string) => ({
  header: {
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
  body: Buffer.alloc(0),
});

describe('events that come in', () => {
  it('pause the analysis while the disk hangs; those beyond the bound are counted, and memory does not grow', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'intake-'));
    const full: boolean[] = [];
    const intake = await EventIntake.open({
      directory,
      limits: { maxEventsInMemory: 3 },
      logger: createLogger({ service: 'test', level: 'silent' }),
      onEvent: () => undefined,
      onFull: (isFull) => full.push(isFull),
    });
    // A pipe that nobody reads: opening it hangs, as a stalled disk does.
    const journal = join(directory, 'open-visits.jsonl');
    execFileSync('mkfifo', [journal]);
    for (const id of ['1', '2', '3', '4', '5']) intake.take(message(id), 0);
    const whileItHangs = { full: [...full], lostEvents: intake.outbox.status().lostEvents };
    const reader = await open(journal, 'r+');
    expect(whileItHangs).toEqual({ full: [true], lostEvents: 2 });
    await until('analysis goes on', () => full.at(-1) === false);
    await intake.settled();
    const kept = await intake.outbox.peek({ maxEvents: 10, maxSnapshotBytes: 1e6 });
    expect(kept.map(({ event }) => event.id)).toEqual(['1', '2', '3']);
    await intake.close();
    await reader.close();
    await rm(directory, { recursive: true });
  });
});
