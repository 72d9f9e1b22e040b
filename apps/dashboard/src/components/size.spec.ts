import { sizeInWords } from './size';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [340_000, '340 KB'],
  [1_440_000_000, '1.4 GB'],
  [52_000_000, '52 MB'],
])('says how large %i bytes are as a file manager does', (bytes, words) => {
  expect(sizeInWords(bytes).replaceAll('\u00a0', ' ')).toBe(words);
});
