import { Rounds } from './rounds';

it('runs one round at a time, and whoever asks meanwhile gets one that began later', async () => {
  const ends: (() => void)[] = [];
  const rounds = new Rounds(() => new Promise<void>((resolve) => ends.push(resolve)));
  const first = rounds.request();
  const second = rounds.request();
  const third = rounds.request();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await first;
  await new Promise(setImmediate);
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.all([second, third]);
  expect(ends).toHaveLength(2);
});

it('goes on after a round that failed, and tells those who asked for it', async () => {
  let works = false;
  const rounds = new Rounds(() => (works ? Promise.resolve() : Promise.reject(new Error('away'))));
  await expect(rounds.request()).rejects.toThrow('away');
  works = true;
  await rounds.request();
});
