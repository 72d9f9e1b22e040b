import { ConcurrencyLimit } from './concurrency-limit';

describe('a concurrency limit', () => {
  it('lets so many run at a time, the rest in order, also after one has failed', async () => {
    const limit = new ConcurrencyLimit(2);
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const run = (index: number) =>
      limit.run(async () => {
        started.push(index);
        await new Promise<void>((resolve) => (ends[index] = resolve));
        if (index === 0) throw new Error('this one fails');
      });
    const all = [0, 1, 2, 3].map((index) => run(index).catch(() => undefined));
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    ends[0]?.();
    await all[0];
    expect(started).toEqual([0, 1, 2]);
    ends[1]?.();
    await all[1];
    expect(started).toEqual([0, 1, 2, 3]);
    ends[2]?.();
    ends[3]?.();
    await Promise.all(all);
  });
});
