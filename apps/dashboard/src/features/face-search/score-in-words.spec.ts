import { scoreInWords } from './score-in-words';

it('calls sure only what the server itself would give a name to', () => {
  expect([0.61, 0.6, 0.55, 0.45, 0.2, -0.3].map((score) => scoreInWords(score, 0.6))).toEqual([
    'Very likely',
    'Very likely',
    'Likely',
    'Maybe',
    'Hardly',
    'Hardly',
  ]);
});

it('gives the bare number of a model whose scores mean nothing known', () => {
  expect(scoreInWords(0.613, null)).toBe('Likeness 0.61');
});
