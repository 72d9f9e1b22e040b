import { Checkpoints } from './checkpoints';
import type { FromJobChild } from './ipc';

type Sent = Extract<FromJobChild, { type: 'progress' }>;

function checkpoints() {
  const sent: Sent[] = [];
  const clock = { nowMs: 0 };
  const abort = new AbortController();
  const it = new Checkpoints(
    (message) => sent.push(message),
    abort.signal,
    () => clock.nowMs,
  );
  const report = (timestampMs: number) =>
    it.report({ progress: 0, timestampMs, checkpoint: () => ({ timestampMs }) });
  return { it, sent, clock, abort, report };
}

/** Whether it is still pending after everything that can happen by itself has happened. */
async function waits(work: Promise<void>): Promise<boolean> {
  const pending = Symbol('pending');
  const later = new Promise<typeof pending>((resolve) => setImmediate(() => resolve(pending)));
  return (await Promise.race([work, later])) === pending;
}

describe('Checkpoints', () => {
  it('never lets an analysis run away from what the API knows by more than would be done again', async () => {
    const { it: all, sent, report } = checkpoints();
    for (const time of [0, 1000, 2000, 3000]) expect(await waits(report(time))).toBe(false);
    expect(sent.map(({ timestampMs }) => timestampMs)).toEqual([2000]);
    const further = report(3500);
    expect(await waits(further)).toBe(true);
    all.saved(2000);
    await further;
  });

  it('does not wait for ever where two frames lie further apart than that', async () => {
    const { it: all, sent, report } = checkpoints();
    await report(0);
    const far = report(60_000);
    expect(sent.at(-1)?.checkpoint).toEqual({ timestampMs: 60_000 });
    all.saved(60_000);
    await far;
  });

  it('saves a slow analysis by the clock', async () => {
    const { sent, clock, report } = checkpoints();
    await report(0);
    clock.nowMs = 2_500;
    await report(40);
    expect(sent).toHaveLength(1);
  });

  it('waits for none that was not sent, of an analysis that is slow and makes one now and then', async () => {
    const { it: all, sent, clock } = checkpoints();
    for (let timestampMs = 0; timestampMs <= 20_000; timestampMs += 100) {
      const isMade = timestampMs > 0 && timestampMs % 2_000 === 0;
      const made = isMade && { checkpoint: () => ({ timestampMs }) };
      const reporting = all.report({ progress: 0, timestampMs, ...made });
      if (isMade) {
        expect(sent.at(-1)?.checkpoint).toEqual({ timestampMs });
        all.saved(timestampMs);
      }
      await reporting;
      clock.nowMs += 700;
    }
    expect(sent.length).toBeGreaterThan(60);
  });

  it('holds back no analysis that remembers more than the API takes', async () => {
    const { it: all, sent } = checkpoints();
    const checkpoint = () => 'x'.repeat(9 * 1024 * 1024);
    for (const timestampMs of [0, 4_000, 8_000]) await all.report({ progress: 0, timestampMs, checkpoint });
    expect(sent.map(({ checkpoint: told }) => told)).toEqual([undefined, undefined]);
  });

  it('ends a wait when the job is taken away', async () => {
    const { abort, report } = checkpoints();
    await report(0);
    const waiting = report(10_000);
    abort.abort(new Error('taken'));
    await expect(waiting).rejects.toThrow('taken');
  });
});
