import { jsonInWords } from './json-in-words';

it('leaves boxes in one line, and every word as it is', () => {
  expect(jsonInWords({ label: 'a [ 1 ]', box: [0.1, 0.2, 0.3, 0.4] }).text).toBe(
    '{\n  "label": "a [ 1 ]",\n  "box": [0.1, 0.2, 0.3, 0.4]\n}',
  );
  expect(jsonInWords(undefined).text).toBe('null');
});

it('says when it shows the beginning alone', () => {
  expect(jsonInWords({ told: 'x'.repeat(10) }).isWhole).toBe(true);
  expect(jsonInWords({ told: 'x'.repeat(100_000) }).isWhole).toBe(false);
});
