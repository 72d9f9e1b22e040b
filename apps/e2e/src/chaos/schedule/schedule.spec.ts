import { drawEachOnce, drawRounds } from './schedule';

const faults = ['w1', 'w2', 'api1'].flatMap((target) =>
  ['kill', 'freeze', 'cut'].map((kind) => ({ kind, target, lastsMs: [1_000, 9_000] as const })),
);

describe('the schedule', () => {
  it('is the same for the same seed, so that a failure can be replayed, and another for another', () => {
    const draw = (seed: number) => JSON.stringify(drawRounds(faults, { seed, minutes: 10 }));
    expect(draw(7)).toBe(draw(7));
    expect(draw(7)).not.toBe(draw(8));
  });

  it('lets one fault at a time befall a target, and several targets at once', () => {
    const rounds = drawRounds(faults, { seed: 1, minutes: 10 });
    expect(rounds.length).toBeGreaterThan(5);
    let together = 0;
    for (const { plan, lastsMs } of rounds)
      for (const one of plan) {
        expect(one.endMs).toBeLessThanOrEqual(lastsMs);
        for (const other of plan) {
          if (one === other || one.endMs <= other.startMs || other.endMs <= one.startMs) continue;
          expect(one.fault.target).not.toBe(other.fault.target);
          together += 1;
        }
      }
    expect(together).toBeGreaterThan(0);
  });

  it('can draw each kind of fault exactly once, for long enough, never two for one target at once', () => {
    for (let seed = 0; seed < 20; seed++) {
      const rounds = drawEachOnce(faults, { seed, roundMs: 9_000, leastMs: 4_000 });
      expect(rounds).toHaveLength(1);
      const planned = rounds.flatMap(({ plan }) => plan);
      expect(planned.map(({ fault }) => fault.kind).sort()).toEqual(['cut', 'freeze', 'kill']);
      for (const { startMs, endMs } of planned) expect(endMs - startMs).toBeGreaterThanOrEqual(4_000);
      for (const { plan } of rounds)
        expect(new Set(plan.map(({ fault }) => fault.target)).size).toBe(plan.length);
    }
  });
});
