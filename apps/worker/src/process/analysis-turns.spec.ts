import { AnalysisTurns, type TurnTaker } from './analysis-turns';

describe('turns at the inference thread', () => {
  it('go round, so that a busy camera leaves the others their share, each with its newest frame', async () => {
    const done: string[] = [];
    const dropped: string[] = [];
    const turns = new AnalysisTurns<string>();
    const waits: (() => void)[] = [];
    const taker = (): TurnTaker<string> => ({
      work: async (frame) => {
        done.push(frame);
        await new Promise<void>((resolve) => waits.push(resolve));
      },
      drop: (frame) => dropped.push(frame),
    });
    const [busy, calm] = [taker(), taker()];
    const step = async () => {
      waits.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    turns.offer(busy, 'busy 1');
    turns.offer(busy, 'busy 2');
    turns.offer(calm, 'calm 1');
    turns.offer(busy, 'busy 3');
    await step();
    turns.offer(busy, 'busy 4');
    await step();
    turns.offer(calm, 'calm 2');
    await step();
    await step();
    expect(done).toEqual(['busy 1', 'busy 3', 'calm 1', 'busy 4', 'calm 2']);
    expect(dropped).toEqual(['busy 2']);
    expect(turns.counts).toEqual({ done: 5, late: 0, dropped: 1 });
    await step();
  });
});
