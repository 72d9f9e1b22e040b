import { clockInWords, exactDurationInWords, lengthInWords, preciseClockInWords, tookInWords } from './time';

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

it.each([
  [400, '0.4 s'],
  [12_000, '12 s'],
  [109_000, '1 min 49 s'],
])('says that work of %i ms took as long as it did', (durationMs, words) => {
  expect(tookInWords(durationMs).replaceAll('\u00a0', ' ')).toBe(words);
});

it.each([
  [0, '0:00'],
  [7_999, '0:07'],
  [725_000, '12:05'],
  [3_725_000, '1:02:05'],
])('says where %i ms are in a video as players do', (timeMs, words) => {
  expect(clockInWords(timeMs)).toBe(words);
});

it.each([
  [0, '0:00'],
  [400, '0:01'],
  [1_930, '0:02'],
  [59_600, '1:00'],
])('says how long a video of %i ms is to the nearest second', (durationMs, words) => {
  expect(lengthInWords(durationMs)).toBe(words);
});

it('tells pictures of the same second apart', () => {
  expect(preciseClockInWords(7_000)).toBe('0:07.0');
  expect(preciseClockInWords(7_540)).toBe('0:07.5');
});
