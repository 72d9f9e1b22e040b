import { exactDurationInWords } from './time';

it.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [109_000, '1 min 49 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 d 1 h'],
])('says how long %i ms lasted, so that nobody takes 1:49 for a minute', (durationMs, words) => {
  expect(exactDurationInWords(durationMs).replaceAll('\u00a0', ' ')).toBe(words);
});
